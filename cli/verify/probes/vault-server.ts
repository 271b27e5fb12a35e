import { Fault, type Probe, Skip } from "../probe";
import { fieldOf } from "../vault-access";

export const vaultServer: readonly Probe[] = [
  {
    id: "vault",
    title: "Vault answers and is unsealed",
    needs: [],
    run: async ({ vault }) => {
      const state = await vault.read("sys/seal-status");
      if (state?.initialized === false) throw new Fault("Vault is not initialised", "vault operator init");
      if (state?.sealed !== false)
        throw new Fault("Vault is sealed: nothing can be decrypted", "vault operator unseal");
      return `${vault.address}, version ${state.version}`;
    },
  },
  {
    id: "audit-device",
    title: "Vault's audit device is on",
    needs: ["vault"],
    run: async ({ declared, vault }) => {
      const file = declared.audit.vault.auditLog;
      if (file === null) throw new Skip("the program manages none (vault.audit is not set)");
      const devices = Object.entries((await vault.read("sys/audit")) ?? {});
      const found = devices.find(([, device]) => fieldOf(device, "options")?.file_path === file);
      if (!found)
        throw new Fault(
          `no audit device writes ${file}: nobody sees who decrypts`,
          "vault audit list -detailed; pulumi up --refresh",
        );
      return `${found[0]} writes ${file}`;
    },
  },
];
