import { Fault, type Probe } from "../probe";

export const key: Probe = {
  id: "key",
  title: "The key is as declared",
  needs: ["mount"],
  run: async ({ declared, vault }) => {
    const { mount, name, type, minDecryptionVersion } = declared.audit.key;
    const path = `${mount}/keys/${name}`;
    const key = await vault.read(path);
    if (!key) throw new Fault(`there is no key ${name}: no file can be opened`, `vault read ${path}`);
    if (key.type !== type)
      throw new Fault(`the key is ${key.type}, declared is ${type}`, `vault read ${path}`);
    if (key.exportable === true)
      throw new Fault("the key can be exported, and that cannot be undone", `vault read ${path}`);
    if (key.deletion_allowed === true)
      throw new Fault("the key may be deleted", `vault write ${path}/config deletion_allowed=false`);
    if (key.min_decryption_version !== minDecryptionVersion)
      throw new Fault(
        `versions below ${key.min_decryption_version} do not open, declared is ${minDecryptionVersion}: older files fail as "too old"`,
        "sopsloop status; pulumi up --refresh",
      );
    return `${path}, version ${key.latest_version}, opens from ${key.min_decryption_version}`;
  },
};
