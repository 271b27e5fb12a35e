import pLimit from "p-limit";
import { listOf, type VaultAccess } from "../../../verify/vault-access";
import { type DeclaredLoop, keyPath } from "../declared-loop";
import type { Parts } from "../parts";
import type { AuthMethod, Identity, Login, VaultFacts } from "./facts";
import { LOGIN_LISTS, policiesOf, readPath } from "./login-lists";
import { tokenKinds } from "./token-kinds";

const AT_ONCE = 8;

/** Reads what Vault tells of itself, and changes nothing. A token that may not see a part leaves the others readable. */
export class VaultSurvey {
  private readonly limit = pLimit(AT_ONCE);
  private readonly unseen = new Set<string>();

  constructor(
    private readonly vault: VaultAccess,
    private readonly declared: DeclaredLoop,
    private readonly parts: Parts,
  ) {}

  async facts(): Promise<VaultFacts> {
    const { vault, parts } = this;
    const { mount } = this.declared.audit.key;
    const read = (id: string, path: string) => parts.read(id, async () => (await vault.read(path)) ?? {});
    const listed = await parts.read("vault-policies", () => this.vault.list("sys/policies/acl"));
    const names = listed ?? Object.keys(this.declared.audit.policies);
    const methods = await parts.read("vault-auth-methods", () => this.methods());
    const logins = methods && (await this.logins(methods, names));
    const named = new Set([...names, ...(logins ?? []).flatMap((login) => login.policies)]);
    return {
      audit: await parts.read(
        "vault-audit-devices",
        async () => (await vault.atRoot().read("sys/audit")) ?? {},
      ),
      mounts: await read("vault-mounts", "sys/mounts"),
      keySettings: await read("vault-key-settings", `${mount}/config/keys`),
      key: await parts.read("vault-key", async () => (await vault.read(keyPath(this.declared))) ?? null),
      policies: await parts.read("vault-policies", () => this.policies([...named])),
      methods,
      logins,
      unseen: this.unseen,
      identities: await parts.read("vault-identities", () => this.identities()),
      tokens: await parts.read("vault-tokens", () => tokenKinds(vault, this.limit)),
    };
  }

  private async policies(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // Nobody can read or change what `root` may do, which is everything.
    const readable = names.filter((name) => name !== "root");
    const texts = await this.each(readable, async (name) => {
      const found = await this.vault.read(`sys/policies/acl/${encodeURIComponent(name)}`);
      return found ? [[name, String(found.policy ?? "")] as const] : [];
    });
    return new Map(texts.flat());
  }

  private async methods(): Promise<AuthMethod[]> {
    const mounts = Object.entries((await this.vault.read("sys/auth")) ?? {});
    return this.each(mounts, async ([mount, entry]) => {
      const type = typeof entry === "object" && entry !== null ? String(Reflect.get(entry, "type")) : "";
      const path = `auth/${mount.replace(/\/$/, "")}`;
      const has = ["kubernetes", "jwt", "oidc"].includes(type);
      const config = has
        ? await this.parts.read("vault-auth-configs", () => this.vault.read(`${path}/config`))
        : undefined;
      return { path, type, config };
    });
  }

  private async logins(methods: readonly AuthMethod[], policies: readonly string[]): Promise<Login[]> {
    const found = await Promise.all(methods.map((method) => this.loginsAt(method, policies)));
    return found.flat();
  }

  private async loginsAt({ path, type }: AuthMethod, policies: readonly string[]): Promise<Login[]> {
    const lists = LOGIN_LISTS[type];
    if (lists === undefined)
      this.parts.skip("vault-logins", `${path} is of type ${type}, whose logins are not known here`);
    const found = (lists ?? []).map(async (list) => {
      const listed = await this.parts.read("vault-logins", () => this.vault.list(`${path}/${list}`));
      // Who may not list them may still read those whose names he knows.
      const names = listed ?? this.declaredAt(path);
      const read = await this.parts.read("vault-logins", () =>
        this.each(names, async (name): Promise<Login[]> => {
          const at = `${path}/${readPath(type, list)}/${name}`;
          const fields = await this.vault.read(at.split("/").map(encodeURIComponent).join("/"));
          return fields
            ? [{ path: at, name, type, fields, policies: policiesOf(type, fields, policies) }]
            : [];
        }),
      );
      if (read === undefined) this.unseen.add(path);
      return (read ?? []).flat();
    });
    return (await Promise.all(found)).flat();
  }

  private declaredAt(method: string): string[] {
    const { roles, pipelines } = this.declared.audit;
    return [...roles, ...(pipelines?.roles ?? [])]
      .filter(({ auth }) => auth === method)
      .map(({ name }) => name);
  }

  private async identities(): Promise<Identity[]> {
    const kinds = await Promise.all(
      ["entity", "group"].map(async (kind) => {
        const ids = await this.vault.list(`identity/${kind}/id`);
        return this.each(ids, async (id) => {
          const one = (await this.vault.read(`identity/${kind}/id/${id}`)) ?? {};
          return { path: `identity/${kind}/name/${one.name}`, policies: listOf(one.policies) };
        });
      }),
    );
    return kinds.flat();
  }

  private each<In, Out>(items: readonly In[], read: (item: In) => Promise<Out>): Promise<Out[]> {
    return Promise.all(items.map((item) => this.limit(() => read(item))));
  }
}
