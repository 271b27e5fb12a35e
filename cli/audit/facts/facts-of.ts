import { isObject, type PlainObject } from "../../preview-comment/secrets/pulumi-values";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import { azureKeys } from "./azure-keys";
import { azureLogins } from "./azure-logins";
import { deliveriesOf } from "./deliveries";
import { type Facts, textAt } from "./facts";
import type { ProjectPaths } from "./identities";
import { recipientKeys } from "./recipient-keys";
import { triggersOf } from "./triggers";
import { vaultKeys } from "./vault-keys";
import { vaultLogins } from "./vault-logins";

const POLICY = "vault:index/policy:Policy";
const PROJECT = "gitlab:index/project:Project";

/** Everything that a stack tells of keys and of who may use them. */
export function factsOf(reading: StackReading, audit: AuditOutput): Facts {
  const paths = projectPaths(reading);
  const managed = [...vaultKeys(reading, audit), ...azureKeys(reading, audit)];
  const known = new Set(managed.map(({ key }) => key.id));
  return {
    keys: [...managed, ...recipientKeys(reading.outputs, known)],
    policies: policyTexts(reading, audit),
    vaultLogins: vaultLogins(reading, audit, paths),
    azureLogins: azureLogins(reading, audit, managed, paths),
    ...deliveriesOf(reading, audit),
    triggers: triggersOf(reading, audit, paths),
  };
}

/** Only those in clear: of one that is secret nothing is known. */
function policyTexts({ resources }: StackReading, { policies }: AuditOutput): ReadonlyMap<string, string> {
  const texts = new Map(Object.entries(policies).map(([name, { text }]) => [name, text]));
  for (const { type, values } of resources) {
    const [name, text] = [textAt(values, "name"), textAt(values, "policy")];
    if (type === POLICY && name !== undefined && text !== undefined) texts.set(name, text);
  }
  return texts;
}

/** GitLab's projects by number: the deploy repository, and whichever others the stack has. */
function projectPaths({ outputs, resources }: StackReading): ProjectPaths {
  const gitlab: PlainObject = isObject(outputs.gitlab) ? outputs.gitlab : {};
  const paths = new Map<string, string>();
  for (const { type, id, values } of resources) {
    const path = textAt(values, "pathWithNamespace");
    if (type === PROJECT && path !== undefined) paths.set(id, path);
  }
  const [number, path] = [textAt(gitlab, "projectId"), textAt(gitlab, "project")];
  if (number !== undefined && path !== undefined) paths.set(number, path);
  return paths;
}
