import { Fault, type Probe } from "../probe";

export const token: Probe = {
  // Vault refuses everything to such a token, which would otherwise look as if its owner just might not look.
  id: "token",
  title: "Vault knows the token that this is run with",
  needs: ["vault"],
  run: async ({ vault }) => {
    const { status, why, data } = await vault.self();
    if (status === 403 && /\b(invalid|bad|expired) token\b/i.test(why))
      throw new Fault("VAULT_TOKEN (or ~/.vault-token) has expired, or is of another Vault", "vault login");
    // Without the default policy it may not even look at itself.
    if (status !== 200) return "accepted; it may not look at itself";
    const ttl = Number(data.ttl);
    return `${data.display_name}, ${ttl > 0 ? `for another ${Math.ceil(ttl / 60)} min` : "without end"}`;
  },
};
