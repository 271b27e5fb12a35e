import { constants, publicEncrypt } from "node:crypto";
import { CliError } from "../../errors/cli-error";
import type { Recipient } from "../../sops-file/recipient";
import { inFlight } from "../batches";
import { type Clock, REAL_CLOCK } from "../http/retries";
import type { KeyBackend, KeyState, RewrapOutcome, Rewrapped } from "../key-backend";
import { OutOfSight } from "../out-of-sight";
import { byKey } from "../placed";
import { type AzureKey, azureKey, isVersion, isWrapped } from "./azure-key";
import type { AzureSettings } from "./azure-settings";
import { DataKeyDigests } from "./data-key-digests";
import { type CurrentKey, IN_FLIGHT } from "./key-vault";
import { type KeyVersion, olderVersions, unfitness, versionsAfter } from "./key-versions";
import { enabling } from "./refusals";
import { Vaults } from "./vaults";

/** What a vault has told of one key. */
interface Known extends CurrentKey {
  readonly key: AzureKey;
  /** Where they were asked for and may be listed. */
  readonly versions?: readonly KeyVersion[];
}

export interface AzureOptions {
  /** Ask for all versions of every key, and not only of those that some file is behind with. */
  readonly everyVersion?: boolean;
}

/**
 * Keys of Azure Key Vault and Managed HSM. A vault opens a data key by the version that the file names; it is wrapped anew here, by the
 * public half of the current version, which gives what the vault's own `encrypt` would give. So it is in this process for a moment, as
 * bytes that are cleared.
 */
export class AzureBackend implements KeyBackend {
  readonly kind = "azure_kv";
  private readonly vaults: Vaults;
  private readonly known = new Map<string, Known>();
  private readonly samples = new DataKeyDigests();

  /** @param settings called once, when the first request is due. */
  constructor(
    settings: () => AzureSettings,
    private readonly options: AzureOptions = {},
    private readonly clock: Clock = REAL_CLOCK,
  ) {
    this.vaults = new Vaults(settings, clock);
  }

  /** One request for each key; another for its versions only where a file names an older one. */
  async currentVersions(recipients: readonly Recipient[]): Promise<ReadonlyMap<string, KeyState | string>> {
    const answers = new Map<string, KeyState | string>();
    const groups = byKey(recipients);
    const vaults = new Set(recipients.map(({ fields }) => fields.vault_url?.replace(/\/+$/, "")));
    await inFlight([...groups], IN_FLIGHT, async ([name, group]) => {
      const asked = this.stateOf(group.map(({ recipient }) => recipient));
      answers.set(name, await (vaults.size > 1 ? asked.catch(whyOf) : asked));
    });
    return new Map([...groups.keys()].map((name) => [name, answers.get(name) ?? "not asked"]));
  }

  versionsBehind({ key, version }: Recipient, { current }: KeyState): number {
    if (version === undefined || version === current) return 0;
    const versions = this.known.get(key)?.versions;
    return versions ? versionsAfter(versions, version, current) : 1;
  }

  whyClosed({ key, version }: Recipient): string | undefined {
    const known = this.known.get(key);
    const found = [known?.version, ...(known?.versions ?? [])].find((each) => each?.version === version);
    if (!known || !found || found.enabled) return undefined;
    return `it is disabled: ${enabling(known.key.vault, known.key.name, version)}`;
  }

  expected({ wrapped }: Recipient, { current }: KeyState): Rewrapped {
    const other = wrapped.startsWith("A") ? "B" : "A";
    return { wrapped: `${other}${wrapped.slice(1)}`, version: current, createdAt: this.now() };
  }

  async rewrap(recipients: readonly Recipient[]): Promise<readonly RewrapOutcome[]> {
    const outcomes: RewrapOutcome[] = [];
    await inFlight([...recipients.entries()], IN_FLIGHT, async ([position, recipient]) => {
      outcomes[position] = await this.rewrapOne(recipient);
    });
    return outcomes;
  }

  /**
   * Of what was wrapped here by one version, the vault opens the first: then its private half is known to fit the public half that
   * wrapped them all. The others are left as not looked at.
   */
  async opensToSame(
    pairs: readonly { readonly before: Recipient; readonly after: string }[],
  ): Promise<readonly (boolean | undefined)[]> {
    const same: (boolean | undefined)[] = pairs.map(() => undefined);
    const samples = [...pairs.entries()].filter(([, { after }]) => this.samples.has(after));
    await inFlight(samples, IN_FLIGHT, async ([position, { before, after }]) => {
      const known = this.known.get(before.key);
      if (!known) return;
      const dataKey = await this.vaults.of(known.key).decrypt(known.key, known.version.version, after);
      if (typeof dataKey === "string") throw new CliError(`what was wrapped anew does not open: ${dataKey}`);
      same[position] = this.samples.isSame(after, dataKey);
      dataKey.fill(0);
    });
    return same;
  }

  async disable(key: string, versions: readonly string[]): Promise<string | undefined> {
    const known = this.known.get(key);
    if (!known) return `the current version of ${key} is not known`;
    for (const version of versions) {
      // What is current encrypts, and whatever was asked, is needed.
      if (version === known.version.version) return `version ${version} of ${key} is current, and stays`;
      const why = await this.vaults.of(known.key).disable(known.key, version);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  close(): void {
    this.vaults.close();
  }

  private async stateOf(recipients: readonly Recipient[]): Promise<KeyState | string> {
    const [first] = recipients;
    const key = first && keyOf(first);
    if (!first || !key) return "no file names it";
    if (typeof key === "string") return key;
    const vault = this.vaults.of(key);
    const found = await vault.current(key);
    if (typeof found === "string") return found;
    const current = found.version.version;
    const all = this.options.everyVersion || recipients.some(({ version }) => version !== current);
    const versions = all ? await vault.versions(key) : undefined;
    this.known.set(first.key, { ...found, key, ...(versions && { versions }) });
    const unfit = unfitness(found.version, this.clock.now());
    return {
      current,
      ...(unfit !== undefined && { unfit }),
      ...(versions && { older: olderVersions(versions, current) }),
    };
  }

  private async rewrapOne(recipient: Recipient): Promise<RewrapOutcome> {
    const known = this.known.get(recipient.key);
    if (!known) return { ok: false, why: `the current version of ${recipient.key} is not known` };
    const { key, publicKey, version: current } = known;
    const unfit = unfitness(current, this.clock.now());
    if (unfit !== undefined)
      return { ok: false, why: `version ${current.version} of ${recipient.key} ${unfit}; rotate the key` };
    const { version, wrapped } = recipient;
    if (!isVersion(version) || !isWrapped(wrapped))
      return {
        ok: false,
        why: `its data key for ${recipient.key} is not as sops writes it: cut short; restore the file from git`,
      };
    const dataKey = await this.vaults.of(key).decrypt(key, version, wrapped);
    if (typeof dataKey === "string") return { ok: false, why: `its data key does not open: ${dataKey}` };
    try {
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const fresh = publicEncrypt({ key: publicKey, padding, oaepHash: "sha256" }, dataKey).toString(
        "base64url",
      );
      this.samples.noteFirst(`${recipient.key}/${current.version}`, fresh, dataKey);
      return { ok: true, value: { wrapped: fresh, version: current.version, createdAt: this.now() } };
    } finally {
      dataKey.fill(0);
    }
  }

  /** As sops writes a time: RFC 3339 in UTC, whole seconds. */
  private now(): string {
    return new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }
}

/** A text for one that is none, so that the file that names it is told. */
function keyOf(recipient: Recipient): AzureKey | string {
  try {
    return azureKey(recipient);
  } catch (error) {
    return whyOf(error);
  }
}

/** One vault that cannot be used says nothing about the others. A missing identity is missing for all. */
function whyOf(error: unknown): string {
  if (error instanceof CliError && error.exitCode === 1 && !(error instanceof OutOfSight))
    return error.message;
  throw error;
}
