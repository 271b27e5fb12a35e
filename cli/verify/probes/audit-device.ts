import { Fault, type Probe, Skip } from "../probe";
import { fieldOf } from "../vault-access";

export const auditDevice: Probe = {
  id: "audit-device",
  title: "Vault's audit device is on",
  needs: ["token"],
  run: async ({ declared, vault }) => {
    const file = declared.audit.vault.auditLog;
    if (file === null) throw new Skip("the program manages none (vault.audit is not set)");
    const devices = Object.entries((await vault.atRoot().read("sys/audit")) ?? {});
    const found = devices.find(([, device]) => fieldOf(device, "options")?.file_path === file);
    if (!found)
      throw new Fault(
        `no audit device writes ${file}: nobody sees who decrypts`,
        "vault audit list -detailed; pulumi up --refresh",
      );
    return `${found[0]} writes ${file}`;
  },
};
