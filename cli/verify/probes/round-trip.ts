import { Fault, type Probe, Skip } from "../probe";
import { fieldOf } from "../vault-access";

export const roundTrip: Probe = {
  id: "round-trip",
  title: "What is encrypted opens again, as the role that Flux uses",
  needs: ["key", "login"],
  run: async ({ declared, vault, logins }) => {
    const { mount, name } = declared.audit.key;
    const plaintext = Buffer.from(`sopsloop verify ${Date.now()}`).toString("base64");
    const encrypted = await vault.write(`${mount}/encrypt/${name}`, { plaintext });
    const refused = encrypted.status === 403;
    // Where nothing can be encrypted, Vault's answer to nonsense still tells who may decrypt: 400, and not 403.
    const ciphertext = refused ? "vault:v1:AAAA" : fieldOf(encrypted.body, "data")?.ciphertext;
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
      if (!refused && fieldOf(opened.body, "data")?.plaintext !== plaintext)
        throw new Fault(
          `decrypting gives ${opened.status} ${opened.why}`,
          `vault read ${mount}/keys/${name}`,
        );
    }
    if (refused)
      throw new Skip(
        `the roles may decrypt; but this token may not encrypt with ${name}, so that nothing could be opened`,
      );
    return `opened as ${logins.decryptors.map(({ role }) => role.name).join(", ")}`;
  },
};
