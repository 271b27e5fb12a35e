import type { KeyBackend, KeyState } from "../backends/key-backend";
import { OutOfSight } from "../backends/out-of-sight";
import { CliError } from "../errors/cli-error";
import type { Recipient, RecipientKind } from "../sops-file/recipient";

/** What is asked of a backend to tell how files stand: enough of it for one that only knows what others have noted. */
export type VersionSource = Pick<KeyBackend, "kind" | "currentVersions" | "versionsBehind" | "whyClosed">;

/** Kinds without versions: a key that changes is another recipient, which the rules tell. */
const UNVERSIONED: readonly RecipientKind[] = ["age", "pgp"];

/** How one recipient stands to its key today. */
export type RecipientState =
  | { readonly state: "fresh"; readonly current: string; readonly closed?: string; readonly unfit?: string }
  | {
      readonly state: "stale";
      readonly behind: number;
      readonly current: string;
      /** Why the version that wrapped it no longer opens. */
      readonly closed?: string;
      /** Why nothing can be wrapped by the current version now. */
      readonly unfit?: string;
    }
  | {
      readonly state: "unknown";
      readonly why: string;
      /** It was not looked at, on purpose: no fault. */
      readonly outOfSight?: true;
    }
  | { readonly state: "unversioned" };

/** What the backends say about the keys of a tree. Each distinct key is asked for once. */
export class KeyStates {
  private constructor(
    private readonly backends: ReadonlyMap<RecipientKind, VersionSource>,
    private readonly answers: ReadonlyMap<string, KeyState | string>,
    private readonly outOfSight: ReadonlySet<RecipientKind>,
  ) {}

  /**
   * A server that cannot be used leaves its keys unknown, and the others are still asked. Throws CliError only where the command was
   * called wrongly (no token, a setting that is none), and nothing can be asked at all: whoever has a token for Vault and no identity
   * in Azure is told of Vault's keys.
   */
  static async ask(recipients: Iterable<Recipient>, backends: readonly VersionSource[]): Promise<KeyStates> {
    const distinct = [...new Set(recipients)];
    const answers = new Map<string, KeyState | string>();
    const refused: CliError[] = [];
    const outOfSight = new Set<RecipientKind>();
    const needed = backends.filter(({ kind }) => distinct.some((recipient) => recipient.kind === kind));
    for (const backend of needed) {
      const mine = distinct.filter(({ kind }) => kind === backend.kind);
      try {
        for (const [id, state] of await askBackend(backend, mine)) answers.set(id, state);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        if (error instanceof OutOfSight) outOfSight.add(backend.kind);
        else refused.push(error);
        for (const recipient of mine) answers.set(idOf(recipient), error.message);
      }
    }
    const [first] = refused;
    if (first && refused.length === needed.length) throw first;
    return new KeyStates(new Map(backends.map((backend) => [backend.kind, backend])), answers, outOfSight);
  }

  /** What was answered about the key itself; the text says why it is not known. */
  keyState(recipient: Recipient): KeyState | string | undefined {
    return this.answers.get(idOf(recipient));
  }

  of(recipient: Recipient): RecipientState {
    if (UNVERSIONED.includes(recipient.kind)) return { state: "unversioned" };
    const backend = this.backends.get(recipient.kind);
    if (!backend) return { state: "unknown", why: `sopsloop cannot ask about ${recipient.kind} keys yet` };
    const key = this.answers.get(idOf(recipient));
    if (key === undefined || typeof key === "string") {
      const outOfSight = this.outOfSight.has(recipient.kind);
      return { state: "unknown", why: key ?? "not asked", ...(outOfSight && { outOfSight }) };
    }
    if (recipient.version === undefined)
      return { state: "unknown", why: "the file does not say which version wrapped its data key" };
    const behind = backend.versionsBehind(recipient, key);
    if (behind < 0)
      return {
        state: "unknown",
        why: `the file says version ${recipient.version}, but the key is at ${key.current}: another key of that name?`,
      };
    const closed = backend.whyClosed(recipient, key);
    const { current, unfit } = key;
    const told = { ...(closed !== undefined && { closed }), ...(unfit !== undefined && { unfit }) };
    return behind === 0 ? { state: "fresh", current, ...told } : { state: "stale", behind, current, ...told };
  }
}

async function askBackend(
  backend: VersionSource,
  recipients: readonly Recipient[],
): Promise<Map<string, KeyState | string>> {
  const servers = new Map<string, Recipient[]>();
  for (const recipient of recipients) {
    const server = serverOf(recipient);
    const mine = servers.get(server);
    if (mine) mine.push(recipient);
    else servers.set(server, [recipient]);
  }
  const answers = new Map<string, KeyState | string>();
  for (const mine of servers.values()) {
    const found = await currentVersions(backend, mine);
    for (const recipient of mine)
      answers.set(idOf(recipient), found.get(recipient.key) ?? "its server said nothing about it");
  }
  return answers;
}

/** One key that is refused must not leave the others unknown; a server that is down need not be asked for each. */
async function currentVersions(
  backend: VersionSource,
  recipients: readonly Recipient[],
): Promise<ReadonlyMap<string, KeyState | string>> {
  const keys = new Set(recipients.map(({ key }) => key));
  try {
    return await backend.currentVersions(recipients);
  } catch (error) {
    const why = reasonOf(error);
    if (keys.size === 1) return new Map([...keys].map((key) => [key, why]));
  }
  const answers = new Map<string, KeyState | string>();
  const reasons = new Set<string>();
  let down: string | undefined;
  for (const key of keys) {
    const mine = recipients.filter((recipient) => recipient.key === key);
    const answer = down ?? (await backend.currentVersions(mine).catch(reasonOf));
    if (typeof answer === "string") {
      // The same reason for a second key is the server's.
      if (reasons.has(answer)) down = answer;
      reasons.add(answer);
      answers.set(key, answer);
    } else for (const [name, state] of answer) answers.set(name, state);
  }
  return answers;
}

function reasonOf(error: unknown): string {
  if (error instanceof CliError && error.exitCode === 1 && !(error instanceof OutOfSight))
    return error.message;
  throw error;
}

/** Scheme, host and port; keys without an address are one server's. */
function serverOf({ key }: Recipient): string {
  return /^[a-z]+:\/\/[^/]+/i.exec(key)?.[0] ?? "";
}

function idOf({ kind, key }: Recipient): string {
  return `${kind} ${key}`;
}
