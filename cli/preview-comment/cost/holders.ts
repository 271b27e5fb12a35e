import { grantsOf } from "../access/access";
import { deliveriesOf } from "../access/access-change";
import type { AuditReport, Delivery } from "../access/audit-report";

/** Logins that lose something, and what Flux decrypts by them. */
export interface Holders {
  /** `auth/kubernetes/role/flux-system_kustomize-controller` */
  readonly logins: readonly string[];
  /** What Flux decrypts no more: `flux-system/apps (./apps)`. */
  readonly lost: readonly string[];
  /** What Flux decrypts again, but not before its next login. */
  readonly interrupted: readonly string[];
  /** What Flux decrypts by them today, where it is not known what it will. */
  readonly unclear: readonly string[];
}

/** What goes: a policy by its name, a role as `auth/<mount>/role/<name>`, or an auth method as `auth/<mount>`. */
export type Gone = { readonly policy: string } | { readonly login: string } | { readonly method: string };

/** Undefined where the report of before does not tell. */
export type WhoLoses = (gone: Gone) => Holders | undefined;

/** By the reports of before and after; undefined for one that there is not. */
export function whoLosesBy(before: AuditReport | undefined, after: AuditReport | undefined): WhoLoses {
  const [grants, deliveries] = [before && grantsOf(before), before && deliveriesOf(before)];
  const later = after && decryptingRoles(after);
  return (gone) => {
    if (grants === undefined || deliveries === undefined) return undefined;
    const losing = grants.filter(({ login, policies }) => {
      if ("policy" in gone) return policies?.includes(gone.policy) === true;
      return "login" in gone ? login === gone.login : login.startsWith(`${gone.method}/role/`);
    });
    const decrypting = new Set(
      losing.filter(({ rights }) => rights.includes("decrypt")).map(({ login }) => roleIn(login)),
    );
    const concerned = deliveries.filter((delivery) => decrypting.has(roleOf(delivery)));
    const named = (fits: (role: string) => boolean) =>
      concerned.filter((delivery) => fits(roleOf(delivery))).map(deliveryLabel);
    return {
      logins: losing.map(({ login }) => login),
      lost: named((role) => later !== undefined && !later.has(role)),
      interrupted: named((role) => later?.has(role) === true),
      unclear: named(() => later === undefined),
    };
  };
}

/** Undefined where it is not known of all. */
function decryptingRoles(report: AuditReport): ReadonlySet<string> | undefined {
  const grants = grantsOf(report);
  if (grants === undefined || grants.some(({ unknown }) => unknown.length > 0)) return undefined;
  return new Set(grants.filter(({ rights }) => rights.includes("decrypt")).map(({ login }) => roleIn(login)));
}

/** Name of the role of a login. */
export function roleIn(login: string): string {
  return login.slice(login.lastIndexOf("/") + 1);
}

/** Flux asks for the role of this name and for no other. */
export function roleOf({ namespace, serviceAccount }: Delivery): string {
  return `${namespace}_${serviceAccount}`;
}

export function deliveryLabel({ namespace, kustomization, path }: Delivery): string {
  return `${namespace}/${kustomization}${path === undefined ? "" : ` (${path})`}`;
}
