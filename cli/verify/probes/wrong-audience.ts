import { Fault, type Probe } from "../probe";

export const wrongAudience: Probe = {
  id: "wrong-audience",
  title: "A token for another audience is refused",
  needs: ["login"],
  run: async ({ logins }) => {
    for (const account of logins.decryptors) {
      const { token } = await logins.attempt(account, "https://sopsloop-verify.invalid");
      if (token !== undefined)
        throw new Fault(
          `${account.role.name} takes a token that was made for somebody else: whoever is given one by Flux could decrypt`,
          `vault read ${account.role.auth}/role/${account.role.name}; pulumi up --refresh`,
        );
    }
    return "refused";
  },
};
