import * as pulumi from "@pulumi/pulumi";
import { getSecret } from "@pulumi/vault/generic/getSecret";
import { configPath } from "../config/problems";

/** Options of what is taken over, or no option at all. */
export interface TakeOver {
  readonly import?: string;
  /** Stays when the stack is destroyed. */
  readonly retainOnDelete?: boolean;
}

/** What a component asks before it makes something that may be there already. */
export interface TakeOvers {
  /** Description of what this stack mounts, by which it knows its own again. */
  readonly mark: string;
  /** For a mount, an auth method or an audit device: its import id is its path. */
  mounted(kind: Mounted, path: string): TakeOver;
  /** Whether something is mounted there, whoever did it. */
  has(kind: Mounted, path: string): boolean;
  /** For any other object, by its API path. */
  object(apiPath: string, id?: string): TakeOver;
}

/** Vault's own lists of what is mounted where. */
const LISTS = { mount: "sys/mounts", auth: "sys/auth", audit: "sys/audit" } as const;
export type Mounted = keyof typeof LISTS;

export interface ExistingArgs {
  /** Take over whatever stands where this program would put its own. */
  readonly adopt: boolean;
  /** Text that marks a mount as made by this stack. */
  readonly mark: string;
  /** Paths of the mounts, auth methods and audit devices that the program declares. */
  readonly paths: Partial<Readonly<Record<Mounted, readonly string[]>>>;
  /** API paths of other objects that may be adopted. */
  readonly objects: readonly string[];
}

/**
 * What stands in Vault already, and what of it this stack may take over. Vault refuses to mount twice on one path, so a
 * run that was killed between Vault's work and the engine's note of it could never be repeated; the mark tells that such
 * a mount is ours. An import of what the state knows already is nothing to the engine.
 */
export class Existing implements TakeOvers {
  private constructor(
    private readonly adopt: boolean,
    readonly mark: string,
    private readonly marks: ReadonlyMap<string, string>,
    private readonly objects: ReadonlySet<string>,
  ) {}

  /** Looks into Vault. Rejects with one line when it may not. */
  static async find(provider: pulumi.ProviderResource, args: ExistingArgs): Promise<Existing> {
    const marks = new Map<string, string>();
    const look = async ([kind, paths]: [string, readonly string[]]) => {
      const list = await read(provider, LISTS[kind as Mounted]);
      for (const path of paths) {
        const entry = list?.[`${path}/`];
        if (entry) marks.set(`${kind} ${path}`, entry.description ?? "");
      }
    };
    await Promise.all(Object.entries(args.paths).map(look));
    const objects = new Set<string>();
    const probe = async (path: string) => {
      if (await read(provider, path)) objects.add(path);
    };
    if (args.adopt) await Promise.all(args.objects.map(probe));
    return new Existing(args.adopt, args.mark, marks, objects);
  }

  mounted(kind: Mounted, path: string): TakeOver {
    const mark = this.marks.get(`${kind} ${path}`);
    if (mark === undefined) return {};
    if (mark === this.mark) return { import: path };
    if (kind === "audit" && this.adopt) throw new pulumi.RunError(foreignAudit(path));
    // Unmounting an auth method takes everybody's roles with it. Said without `adopt` too: it may go once all is adopted.
    const retained = kind === "auth" ? { retainOnDelete: true } : {};
    return this.adopt ? { import: path, ...retained } : retained;
  }

  has(kind: Mounted, path: string): boolean {
    return this.marks.has(`${kind} ${path}`);
  }

  /** Only on request: a killed run may simply write such an object again. */
  object(apiPath: string, id = apiPath): TakeOver {
    return this.adopt && this.objects.has(apiPath) ? { import: id } : {};
  }
}

/** The guide makes no audit device: whoever made this one relies on it, and a destroy would take it away. */
function foreignAudit(path: string): string {
  return `${configPath(["vault", "audit", "mount"])}: is ${path}, an audit device in Vault that this stack did not make; set it to another name for a device of this stack's own, or remove vault.audit and keep that one (if it is this stack's from before a rename, set ${configPath(["adopt"])} to false)`;
}

type Entries = Readonly<Record<string, { readonly description?: string } | undefined>>;

async function read(provider: pulumi.ProviderResource, path: string): Promise<Entries | undefined> {
  try {
    const { dataJson } = await getSecret({ path }, { provider });
    return JSON.parse(dataJson) as Entries;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Nothing there, or nothing mounted there.
    if (/no secret found|no handler for route|unsupported path/.test(reason)) return undefined;
    throw new pulumi.RunError(
      `cannot look up ${path} in Vault: ${reason.replace(/\s+/g, " ").trim()}; set VAULT_TOKEN to a token that may read it (docs/deployer-policy.hcl)`,
    );
  }
}
