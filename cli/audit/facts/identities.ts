import { accountOfSubject } from "../../kubernetes/account-of-subject";
import type { Identity } from "../report-schema";

/** Projects of GitLab that are known by number and by path. */
export type ProjectPaths = ReadonlyMap<string, string>;

export function serviceAccount(namespace: string, name: string): Identity {
  return {
    id: `serviceaccount:${namespace}/${name}`,
    kind: "service-account",
    name: `${namespace}/${name}`,
    group: namespace === "*" ? "any namespace" : `namespace ${namespace}`,
  };
}

/** Jobs of a GitLab project. @param branch undefined: any. @param sources empty: however they were started. */
export function jobs(
  project: string,
  branch: string | undefined,
  sources: readonly string[],
  paths: ProjectPaths,
): Identity {
  const path = paths.get(project) ?? project;
  const how = [...sources].sort();
  const where = branch === undefined ? "any branch" : `branch ${branch}`;
  return {
    id: `gitlab:${path}:${branch ?? "*"}:${how.join(",")}`,
    kind: "pipeline",
    name: `jobs of ${path}, ${where}${how.length > 0 ? `, started by ${how.join(" or ")}` : ""}`,
    group: `GitLab project ${path}`,
  };
}

/** Whoever holds a token of an issuer for a subject; subjects of Kubernetes and GitLab are told as what they are. */
export function federated(issuer: string, subject: string, paths: ProjectPaths): Identity {
  const account = accountOfSubject(subject);
  if (account) return serviceAccount(account.namespace, account.name);
  const [, project, ref] = /^project_path:([^:]+):ref_type:branch:ref:(.+)$/.exec(subject) ?? [];
  if (project !== undefined && ref !== undefined)
    return jobs(project, ref === "*" ? undefined : ref, [], paths);
  return {
    id: `federated:${issuer}:${subject}`,
    kind: "federated",
    name: `${subject} of ${issuer}`,
    group: issuer,
  };
}

/** Something in Entra ID that the stack knows no way in to. */
export function principal(name: string): Identity {
  return { id: `principal:${name}`, kind: "principal", name, group: "Azure" };
}

/** Whoever comes in by a login that the stack does not bind to anybody. */
export function whoeverBy(login: string, how: string): Identity {
  return { id: `login:${login}`, kind: "login", name: `${how} of ${login}`, group: "Vault" };
}

/** Whoever has the private half of a recipient. */
export function holder(recipient: string): Identity {
  return {
    id: `holder:${recipient}`,
    kind: "holder",
    name: `whoever holds the private key of ${shortened(recipient)}`,
    group: "Break-glass",
  };
}

/** Both ends of a long name. */
export function shortened(name: string): string {
  return name.length <= 20 ? name : `${name.slice(0, 10)}…${name.slice(-6)}`;
}
