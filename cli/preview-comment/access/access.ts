import { compare } from "../preview/compare";
import { UNKNOWN } from "../secrets/pulumi-values";
import { type Sentence, says } from "../sentence";
import type { AuditReport, LoginRole, PipelineRole } from "./audit-report";
import { keyRights, type Right } from "./key-rights";
import { type PathRule, policyRules } from "./policy-rules";

/** What one login of Vault is for, and what it may do with the key. */
export interface Grant {
  /** `auth/kubernetes/role/flux-system_kustomize-controller` */
  readonly login: string;
  /** Who gets in by it. Undefined where not known yet. */
  readonly who: readonly Sentence[] | undefined;
  /** `null`: a token that was made for another server will do. Undefined where not known yet. */
  readonly audience: string | null | undefined;
  readonly policies: readonly string[] | undefined;
  readonly rights: readonly Right[];
  /** Why there may be more rights than these: parts that the preview does not know. */
  readonly unknown: readonly Sentence[];
}

/** Every login that the report has, by name. Undefined where it does not tell all of them. */
export function grantsOf(report: AuditReport): readonly Grant[] | undefined {
  const { roles, pipelines } = report;
  if (roles === undefined || pipelines === undefined) return undefined;
  const jobs = pipelines === null ? [] : pipelines.roles;
  if (jobs === undefined) return undefined;
  const grants: Grant[] = [];
  for (const role of roles) {
    if (role?.name === undefined || role.auth === undefined) return undefined;
    grants.push(grantOf(report, role, accountsOf(role)));
  }
  for (const role of jobs) {
    if (role?.name === undefined || role.auth === undefined) return undefined;
    grants.push(grantOf(report, role, jobsOf(role)));
  }
  return grants.sort((a, b) => compare(a.login, b.login));
}

function grantOf(
  report: AuditReport,
  { name, auth, audience, policies }: LoginRole | PipelineRole,
  who: readonly Sentence[] | undefined,
): Grant {
  const names = policies?.filter((policy) => policy !== undefined);
  return {
    login: `${auth}/role/${name}`,
    who,
    audience,
    policies: names?.length === policies?.length ? names : undefined,
    ...rightsOf(report, policies),
  };
}

function rightsOf(
  { key, policies: texts }: AuditReport,
  policies: LoginRole["policies"],
): Pick<Grant, "rights" | "unknown"> {
  const { mount, name } = key ?? {};
  if (mount === undefined || name === undefined) return { rights: [], unknown: [says`which key it is`] };
  if (policies === undefined) return { rights: [], unknown: [says`which policies it has`] };
  const rules: PathRule[] = [];
  const unknown: Sentence[] = [];
  for (const policy of policies) {
    const text = policy === undefined ? undefined : texts?.[policy]?.text;
    const read = text === undefined ? undefined : policyRules(text);
    if (read) rules.push(...read);
    else if (policy === undefined) unknown.push(says`the name of a policy`);
    else if (texts && !Object.hasOwn(texts, policy))
      unknown.push(says`policy ${policy}, which the stack does not make`);
    else unknown.push(says`the text of policy ${policy}`);
  }
  return { rights: keyRights(rules, mount, name), unknown };
}

function accountsOf({ serviceAccounts, namespaces }: LoginRole): readonly Sentence[] | undefined {
  if (serviceAccounts === undefined || namespaces === undefined) return undefined;
  return namespaces.flatMap((namespace) =>
    serviceAccounts.map((account) => says`ServiceAccount ${`${namespace ?? UNKNOWN}/${account ?? UNKNOWN}`}`),
  );
}

function jobsOf({ projectId, protectedBranch, sources }: PipelineRole): readonly Sentence[] | undefined {
  if (projectId === undefined || protectedBranch === undefined || sources === undefined) return undefined;
  const branch = protectedBranch === null ? says`any branch` : says`protected branch ${protectedBranch}`;
  const how = sources.map((source) => source ?? UNKNOWN).join(", ");
  return [says`jobs of GitLab project ${projectId}, ${branch}, started by ${how}`];
}
