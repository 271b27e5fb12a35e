import { capabilitiesAt, fits, keyRights, type Right } from "../../../preview-comment/access/key-rights";
import { type PathRule, policyRules } from "../../../preview-comment/access/policy-rules";
import type { Use } from "../live-reading";

/** Rights by which somebody comes to data keys, or to the key itself. */
const SEEING: ReadonlySet<Right> = new Set(["decrypt", "export", "backup", "data keys in clear"]);
/** Rights by which somebody changes the key. */
const CHANGING: ReadonlySet<Right> = new Set(["delete", "configure", "rotate"]);

const USES: Readonly<Record<Right, Use>> = {
  decrypt: "decrypt",
  export: "decrypt",
  backup: "decrypt",
  "data keys in clear": "decrypt",
  delete: "delete",
  configure: "administer",
  rotate: "rotate",
  encrypt: "encrypt",
  rewrap: "rewrap",
  hmac: "encrypt",
  "read versions": "read",
};

/** What says who comes to the key, as it is declared. */
export interface Guards {
  /** Auth methods, as `auth/kubernetes`. */
  readonly methods: readonly string[];
  /** Roles, as `auth/kubernetes/role/x`. */
  readonly roles: readonly string[];
  /** Names of policies. */
  readonly policies: readonly string[];
}

/** Paths by which one grants oneself anything: the declared ones, and those of a policy, a role or a method of any other name. */
function grantingPaths({ methods, roles, policies }: Guards): Readonly<Record<string, readonly string[]>> {
  return {
    "write policies": [...policies, "any"].flatMap((name) => [
      `sys/policies/acl/${name}`,
      `sys/policy/${name}`,
    ]),
    "write roles": [...roles, ...methods.map((method) => `${method}/role/any`)],
    "change auth methods": ["sys/auth/any", ...methods.map((method) => `${method}/config`)],
    "write identities": ["identity/entity", "identity/group"],
    "move engines": ["sys/mounts/any", "sys/remount"],
  };
}

/** What a set of policies allows on the key, as Vault itself works it out. */
export interface Rights {
  readonly on: readonly Right[];
  /** What it lets one grant oneself, as `write policies`. */
  readonly granting: readonly string[];
  /** Names of policies that cannot be read for certain. */
  readonly unclear: readonly string[];
}

/** The policies of one Vault, and what each set of them allows on one key. */
export class PolicyRights {
  private readonly rules = new Map<string, readonly PathRule[] | undefined>();
  private readonly granting: Readonly<Record<string, readonly string[]>>;

  constructor(
    policies: ReadonlyMap<string, string>,
    private readonly key: { readonly mount: string; readonly name: string },
    guards: Guards,
  ) {
    this.granting = grantingPaths(guards);
    for (const [name, text] of policies) this.rules.set(name, policyRules(withoutTemplates(text)));
    this.rules.set("root", [
      { path: "*", capabilities: ["create", "read", "update", "delete", "list", "sudo"] },
    ]);
  }

  of(names: readonly string[]): Rights {
    const rules = names.flatMap((name) => this.rules.get(name) ?? []);
    const unclear = names.filter((name) => this.rules.has(name) && this.rules.get(name) === undefined);
    const may = (path: string) => {
      const has = capabilitiesAt(rules, path);
      return !has.has("deny") && (has.has("update") || has.has("create"));
    };
    const granting = Object.entries(this.granting).flatMap(([what, paths]) =>
      paths.some(may) ? [what] : [],
    );
    return { on: keyRights(rules, this.key.mount, this.key.name), granting, unclear };
  }

  /** Paths of a policy with wildcards that reach the key's own. */
  wildcards(name: string): readonly string[] {
    const { mount, name: key } = this.key;
    const paths = ["decrypt", "datakey/plaintext", "export/encryption-key", "backup"].map(
      (operation) => `${mount}/${operation}/${key}`,
    );
    const reaching = (this.rules.get(name) ?? []).filter(
      ({ path }) => /[+*]/.test(path) && paths.some((one) => fits(path, one)),
    );
    return reaching.map(({ path }) => path);
  }
}

/** Whether one comes to data keys by them. */
export function sees({ on }: Rights): boolean {
  return on.some((right) => SEEING.has(right));
}

/** Whether one comes to data keys by them, or may change the key. */
export function harms(rights: Rights): boolean {
  return sees(rights) || rights.on.some((right) => CHANGING.has(right));
}

/** The same in the words of a grant, sorted. */
export function usesOf({ on, granting }: Rights): Use[] {
  const uses = new Set(on.map((right) => USES[right]));
  if (granting.length > 0) uses.add("administer");
  return [...uses].sort();
}

/** For a line that a person reads, as `decrypt, delete, write policies`. */
export function inWords({ on, granting }: Rights): string {
  return [...on, ...granting].join(", ");
}

/** A template is filled in by who asks, so that its segment of the path may be any. */
function withoutTemplates(text: string): string {
  return text.replace(/[^/"\s]*\{\{[^}]*\}\}[^/"\s]*/g, "+");
}
