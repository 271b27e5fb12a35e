import type { Probe } from "../probe";

export const login: Probe = {
  id: "login",
  title: "The service accounts log in with tokens for Vault",
  needs: ["vault", "cluster"],
  run: async ({ logins }) => {
    for (const account of logins.decryptors) await logins.as(account);
    return logins.decryptors
      .map(({ namespace, serviceAccount, role }) => `${namespace}/${serviceAccount} as ${role.name}`)
      .join(", ");
  },
};
