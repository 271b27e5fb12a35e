import { VARIABLE } from "../reading/gitlab";
import { credentialIn } from "../reading/secret-texts";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

/** What clouds, Vault and GitLab themselves read as a login. */
const NAMES =
  /^(VAULT_TOKEN|VAULT_SECRET_ID|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|(AZURE|ARM)_(CLIENT_SECRET|CLIENT_CERTIFICATE\w*|PASSWORD)|GOOGLE_(CREDENTIALS|APPLICATION_CREDENTIALS|OAUTH_ACCESS_TOKEN)|GITLAB_TOKEN|GITLAB_PRIVATE_TOKEN|KUBECONFIG|SOPS_AGE_KEY|PULUMI_ACCESS_TOKEN|PULUMI_CONFIG_PASSPHRASE)$/;
/** Of Vault, GitLab and the clouds: an application's own private key or webhook may be a variable. */
const LOGINS = [
  "a token of Vault's",
  "a token of GitLab's",
  "an AWS access key",
  "a Google service account key",
  "an age identity",
];

export const rule = resourceRule({
  name: "gitlab-variable-no-cloud-credential",
  title: "No variable is a lasting login to Vault, a cloud or GitLab",
  why: "It works from anywhere until somebody thinks of changing it. A job's own ID token works from that job, for minutes.",
  remedy: "Let the job log in by its ID token, delete the variable and revoke the credential.",
  severity: "critical",
  references: [cisGitlab("2.1.7")],
  types: [VARIABLE],
  *check(variable) {
    const key = variable.text("key") ?? "";
    if (NAMES.test(key)) yield `${key} is a lasting login; let jobs log in by their ID token, and revoke it`;
    else {
      const kind = credentialIn(variable.text("value") ?? "");
      if (kind !== undefined && LOGINS.includes(kind))
        yield `${key} holds ${kind}; let jobs log in by their ID token, and revoke it`;
    }
  },
});
