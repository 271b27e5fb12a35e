import { Fault, type Probe } from "../probe";

export const policies: Probe = {
  id: "policies",
  title: "The policies have the declared text",
  needs: ["token"],
  run: async ({ declared, vault }) => {
    const names = Object.keys(declared.audit.policies);
    for (const name of names) {
      const live = await vault.read(`sys/policies/acl/${name}`);
      if (!live)
        throw new Fault(`policy ${name} is gone: whoever has it may do nothing`, "pulumi up --refresh");
      if (String(live.policy).trim() !== declared.audit.policies[name]?.text.trim())
        throw new Fault(
          `policy ${name} was edited: it no longer says what is declared`,
          `vault policy read ${name}; pulumi up --refresh`,
        );
    }
    return names.join(", ");
  },
};
