import { createHash, timingSafeEqual } from "node:crypto";
import { CliError } from "../../errors/cli-error";
import type { Recipient } from "../../sops-file/recipient";
import { inFlight, partsOf } from "../batches";
import { type Clock, REAL_CLOCK } from "../http/retries";
import type { KeyBackend, KeyState, RewrapOutcome, Rewrapped } from "../key-backend";
import { byKey, type Placed } from "../placed";
import { type BatchItem, dataOf, resultsOf } from "./batch-answer";
import { refusal } from "./refusals";
import { type TransitKey, transitKey, urlPath } from "./transit-key";
import type { TrustedAddresses } from "./trusted-addresses";
import { VaultConnection } from "./vault-connection";
import type { VaultSettings } from "./vault-settings";
import { flawOf, wrappedKey } from "./wrapped-key";

/** Items of one request: enough that the network hardly counts, few enough that one answer stays small. */
const BATCH = 250;
const IN_FLIGHT = 3;
/** How many wrapped keys to ask with, where only a rewrap tells the current version: the first may be a broken one. */
const SAMPLES = 5;

/** Keys of Vault's transit engine. Data keys are moved by `transit/rewrap`, inside Vault. */
export class VaultBackend implements KeyBackend {
  readonly kind = "hc_vault";
  private readonly connections = new Map<string, VaultConnection>();
  /** The current version of each key, as Vault last told it. */
  private readonly current = new Map<string, number>();

  /** Keys that this identity may not decrypt with. */
  private readonly closed = new Set<string>();
  private known: VaultSettings | undefined;

  /** @param settings called once, when the first request is due. */
  constructor(
    private readonly settings: () => VaultSettings,
    private readonly trusted: TrustedAddresses,
    private readonly clock: Clock = REAL_CLOCK,
  ) {}

  /**
   * Reads each key; where the token may not, a rewrap of a few of the wrapped keys tells the version too, so that the pipeline needs
   * no more than its own policy.
   */
  async currentVersions(recipients: readonly Recipient[]): Promise<ReadonlyMap<string, KeyState | string>> {
    const answers = new Map<string, KeyState | string>();
    const groups = byKey(recipients);
    const servers = new Set(recipients.map(({ fields }) => fields.vault_address));
    await inFlight([...groups], IN_FLIGHT, async ([name, group]) => {
      const asked = this.stateOf(group.map(({ recipient }) => recipient));
      const state = await (servers.size > 1 ? asked.catch(whyOf) : asked);
      if (typeof state !== "string") this.current.set(name, Number(state.current));
      answers.set(name, state);
    });
    return new Map([...groups.keys()].map((name) => [name, answers.get(name) ?? "not asked"]));
  }

  versionsBehind({ version }: Recipient, { current }: KeyState): number {
    return Number(current) - Number(version ?? current);
  }

  whyClosed({ version }: Recipient, { oldestUsable }: KeyState): string | undefined {
    const closed = Number(version) < Number(oldestUsable);
    return closed ? "the key's min_decryption_version is above it" : undefined;
  }

  expected({ wrapped }: Recipient, { current }: KeyState): Rewrapped {
    return { wrapped: wrapped.replace(/^vault:v\d+:/, `vault:v${current}:`) };
  }

  async rewrap(recipients: readonly Recipient[]): Promise<readonly RewrapOutcome[]> {
    const outcomes: RewrapOutcome[] = [];
    const batches = [...byKey(recipients).values()].flatMap((group) => partsOf(group, BATCH));
    await inFlight(batches, IN_FLIGHT, async (batch) => {
      const answers = await this.rewrapBatch(batch.map(({ recipient }) => recipient));
      for (const [index, { position }] of batch.entries())
        outcomes[position] = answers[index] ?? { ok: false, why: "Vault's answer leaves it out" };
    });
    return outcomes;
  }

  async opensToSame(
    pairs: readonly { readonly before: Recipient; readonly after: string }[],
  ): Promise<readonly (boolean | undefined)[]> {
    const same: (boolean | undefined)[] = pairs.map(() => undefined);
    const groups = [...byKey(pairs.map(({ before }) => before)).values()];
    const compare = async (batch: readonly Placed[]) => {
      const [first] = batch;
      if (!first || this.closed.has(first.recipient.key)) return;
      const wrapped = batch.flatMap(({ recipient, position }) => [
        recipient.wrapped,
        pairs[position]?.after ?? "",
      ]);
      const opened = await this.open(first.recipient, wrapped);
      if (!opened) this.closed.add(first.recipient.key);
      else
        for (const [index, { position }] of batch.entries())
          same[position] = isSame(opened[2 * index], opened[2 * index + 1]);
    };
    const batches = groups.map((group) => partsOf(group, BATCH / 2));
    // One of each key first: an identity that may not decrypt is refused once, and not once a batch.
    await inFlight(
      batches.flatMap((all) => all.slice(0, 1)),
      IN_FLIGHT,
      compare,
    );
    await inFlight(
      batches.flatMap((all) => all.slice(1)),
      IN_FLIGHT,
      compare,
    );
    return same;
  }

  close(): void {
    for (const connection of this.connections.values()) connection.close();
    this.connections.clear();
  }

  private async stateOf(recipients: readonly Recipient[]): Promise<KeyState | string> {
    const first = recipients[0];
    if (!first) return "no file names it";
    const key = transitKey(first);
    const answer = await this.to(key).send("GET", urlPath(key, "keys"));
    if (answer.status === 200) {
      const { latest_version: latest, min_decryption_version: oldest } = dataOf(answer.body);
      if (typeof latest !== "number") return `Vault at ${key.address} tells no version of ${key.name}`;
      return { current: String(latest), ...(typeof oldest === "number" && { oldestUsable: String(oldest) }) };
    }
    const why = refusal(key, "keys", answer);
    return answer.status === 403 ? ((await this.versionByRewrap(key, recipients)) ?? why) : why;
  }

  private async versionByRewrap(
    key: TransitKey,
    recipients: readonly Recipient[],
  ): Promise<KeyState | undefined> {
    const batch = recipients.slice(0, SAMPLES).map(({ wrapped }) => ({ ciphertext: wrapped }));
    const answer = await this.to(key).send("POST", urlPath(key, "rewrap"), { batch_input: batch });
    const told = resultsOf(answer.body).find((item) => typeof item.ciphertext === "string");
    const version = typeof told?.ciphertext === "string" ? wrappedKey(told.ciphertext)?.version : undefined;
    return version === undefined ? undefined : { current: String(version) };
  }

  /** All of one key. A request that fails as a whole is taken apart, until it is known which item it was. */
  private async rewrapBatch(recipients: readonly Recipient[]): Promise<readonly RewrapOutcome[]> {
    const first = recipients[0];
    if (!first) return [];
    const key = transitKey(first);
    const batch = recipients.map(({ wrapped }) => ({ ciphertext: wrapped }));
    const answer = await this.to(key).send("POST", urlPath(key, "rewrap"), { batch_input: batch });
    const results = resultsOf(answer.body);
    if (results.length === recipients.length)
      return recipients.map((recipient, index) => this.outcome(recipient, results[index]));
    if (answer.status === 500 && recipients.length > 1) {
      const half = Math.ceil(recipients.length / 2);
      const halves = [recipients.slice(0, half), recipients.slice(half)];
      return (await Promise.all(halves.map((part) => this.rewrapBatch(part)))).flat();
    }
    const why =
      answer.status === 200
        ? `Vault at ${key.address} answered ${results.length} of ${recipients.length} items`
        : refusal(key, "rewrap", answer);
    return recipients.map(() => ({ ok: false, why }));
  }

  private outcome(recipient: Recipient, item: BatchItem | undefined): RewrapOutcome {
    if (typeof item?.error === "string" && item.error !== "")
      return { ok: false, why: `Vault cannot open its data key by ${recipient.key}: ${oneLine(item.error)}` };
    const current = this.current.get(recipient.key) ?? Number(recipient.version ?? 1);
    const flaw = flawOf(recipient.wrapped, item?.ciphertext, current);
    if (flaw !== undefined) return { ok: false, why: flaw };
    return { ok: true, value: { wrapped: String(item?.ciphertext) } };
  }

  /** Hashes of the data keys, `undefined` for what does not open; undefined as a whole where Vault refuses to decrypt. */
  private async open(
    recipient: Recipient,
    wrapped: readonly string[],
  ): Promise<readonly (Buffer | undefined)[] | undefined> {
    const key = transitKey(recipient);
    const batch = wrapped.map((ciphertext) => ({ ciphertext }));
    const answer = await this.to(key).send("POST", urlPath(key, "decrypt"), { batch_input: batch });
    if (answer.status === 403) return undefined;
    const results = resultsOf(answer.body);
    if (results.length !== wrapped.length) throw new CliError(refusal(key, "decrypt", answer));
    return results.map(({ plaintext }) =>
      typeof plaintext === "string" && plaintext !== ""
        ? createHash("sha256").update(plaintext).digest()
        : undefined,
    );
  }

  private to({ address }: TransitKey): VaultConnection {
    const known = this.connections.get(address);
    if (known) return known;
    this.trusted.require(address);
    this.known ??= this.settings();
    const connection = new VaultConnection(address, this.known, this.clock);
    this.connections.set(address, connection);
    return connection;
  }
}

/** One server that cannot be used says nothing about the others. */
function whyOf(error: unknown): string {
  if (error instanceof CliError) return error.message;
  throw error;
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}
