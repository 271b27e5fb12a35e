import { Fault, type Probe } from "../probe";

export const capabilities: Probe = {
  id: "capabilities",
  title: "Who decrypts may do nothing else",
  needs: ["token", "login"],
  run: async ({ declared, vault, logins }) => {
    const { mount, name } = declared.audit.key;
    const wanted: Readonly<Record<string, string>> = {
      [`${mount}/decrypt/${name}`]: "update",
      [`${mount}/encrypt/${name}`]: "deny",
      [`${mount}/rewrap/${name}`]: "deny",
      [`${mount}/keys/${name}`]: "deny",
      [`${mount}/keys/${name}/rotate`]: "deny",
      [`sys/policies/acl/${declared.policyNames.decrypt}`]: "deny",
    };
    for (const account of logins.decryptors) {
      const live = await vault.capabilitiesOf(await logins.as(account), Object.keys(wanted));
      for (const [path, expected] of Object.entries(wanted))
        if (live.get(path) !== expected)
          throw new Fault(
            `${account.role.name} may "${live.get(path)}" on ${path}; declared is "${expected}"`,
            `vault policy read ${declared.policyNames.decrypt}; pulumi up --refresh`,
          );
    }
    return `decrypt only: ${logins.decryptors.map(({ role }) => role.name).join(", ")}`;
  },
};
