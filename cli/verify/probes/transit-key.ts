import { Fault, type Probe, Skip } from "../probe";
import { fieldOf } from "../vault-access";

export const transitKey: readonly Probe[] = [
  {
    id: "mount",
    title: "The transit engine is mounted, and a mistyped key is refused",
    needs: ["vault"],
    run: async ({ declared, vault }) => {
      const { mount } = declared.audit.key;
      const mounts = (await vault.read("sys/mounts")) ?? {};
      const entry = mounts[`${mount}/`];
      const type = typeof entry === "object" && entry !== null ? Reflect.get(entry, "type") : undefined;
      if (type === undefined)
        throw new Fault(`nothing is mounted at ${mount}/`, "vault secrets list; pulumi up --refresh");
      if (type !== "transit")
        throw new Fault(`${mount}/ is a ${type} engine, not transit`, "vault secrets list");
      const settings = await vault.read(`${mount}/config/keys`);
      if (settings?.disable_upsert !== true)
        throw new Fault(
          `${mount} makes a new key for a mistyped name (disable_upsert is off)`,
          `vault write ${mount}/config/keys disable_upsert=true`,
        );
      return `${mount}/, disable_upsert`;
    },
  },
  {
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
  },
  {
    id: "round-trip",
    title: "What is encrypted opens again, as the role that Flux uses",
    needs: ["key", "login"],
    run: async ({ declared, vault, logins }) => {
      const { mount, name } = declared.audit.key;
      const plaintext = Buffer.from(`sopsloop verify ${Date.now()}`).toString("base64");
      const encrypted = await vault.write(`${mount}/encrypt/${name}`, { plaintext });
      if (encrypted.status === 403)
        throw new Skip(`this token may not encrypt with ${name}; run this with one that may`);
      const ciphertext = fieldOf(encrypted.body, "data")?.ciphertext;
      if (typeof ciphertext !== "string")
        throw new Fault(
          `Vault does not encrypt: ${encrypted.status} ${encrypted.why}`,
          `vault read ${mount}/keys/${name}`,
        );
      for (const account of logins.decryptors) {
        const opened = await (await logins.as(account)).write(`${mount}/decrypt/${name}`, { ciphertext });
        if (opened.status === 403)
          throw new Fault(
            `${account.role.name} may not decrypt: none of its policies has the path ${mount}/decrypt/${name}`,
            `vault policy read ${declared.policyNames.decrypt}`,
          );
        if (fieldOf(opened.body, "data")?.plaintext !== plaintext)
          throw new Fault(
            `decrypting gives ${opened.status} ${opened.why}`,
            `vault read ${mount}/keys/${name}`,
          );
      }
      return `opened as ${logins.decryptors.map(({ role }) => role.name).join(", ")}`;
    },
  },
];
