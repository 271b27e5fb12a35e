import { z } from "zod";
import { expected, flag, matching, strict } from "./fields";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

/** Credentials that a job gets for its own few minutes by its ID token, and that nobody should have to keep. */
const LONG_LIVED = [
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
  /^(AZURE|ARM)_CLIENT_(SECRET|CERTIFICATE(_PASSWORD)?)$/,
  /^GOOGLE_(APPLICATION_CREDENTIALS|CREDENTIALS)$/,
  /^VAULT_(TOKEN|SECRET_ID)$/,
  /^GITLAB_TOKEN$/,
  /^SOPS_AGE_KEY(_FILE)?$/,
  /^CI_/,
];
const KNOWN_FORMS = /^(AKIA[A-Z0-9]{16}|hv[sb]\.\S+|gl(pat|ptt|dt|rt|cbt)-\S+|AGE-SECRET-KEY-1\S+)$/;

/** GitLab's own rule: it cannot blot out what is shorter, or has blanks. */
const MASKABLE = /^\S{8,}$/;

const variable = strict({
  // No message may repeat the value.
  value: z.string({ error: "is no text; set it with pulumi config set --secret --path" }),
  environment: matching(/^(\*|[\w./ *-]{1,255})$/, "a GitLab environment such as production, or *"),
  masked: flag("blot the value out of job logs").default(true),
  description: z.string({ error: expected("text") }).optional(),
});

/** `sopsloop:gitlabVariables`: secrets of the deploy project that the chart job makes Kubernetes Secrets of. */
export const gitlabVariablesSection = z
  .record(z.string(), variable, { error: expected("a map of variables") })
  .superRefine((variables, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    for (const [name, { value, masked }] of Object.entries(variables)) {
      if (!NAME.test(name)) complain([name], "is not a usable name; use letters, digits and underscores");
      if (LONG_LIVED.some((form) => form.test(name)) || KNOWN_FORMS.test(value))
        complain(
          [name],
          "is a long-lived credential of the pipeline itself; remove it, jobs log in by their ID token",
        );
      if (value === "") complain([name, "value"], "is empty; set it, or remove the variable");
      else if (masked && !MASKABLE.test(value))
        complain(
          [name, "value"],
          "cannot be masked by GitLab (at least 8 characters, no blanks, one line); encode it, or set masked to false, for which the policy gitlab-variable-masked has to be disabled (docs/policies.md)",
        );
    }
  });

export type GitLabVariables = z.output<typeof gitlabVariablesSection>;
