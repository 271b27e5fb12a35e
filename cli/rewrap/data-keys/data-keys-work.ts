import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { IdTokenFile } from "../../backends/azure/id-token-file";
import { inFlight } from "../../backends/batches";
import type { KeyBackend, KeyState } from "../../backends/key-backend";
import type { TrustedAddresses } from "../../backends/vault/trusted-addresses";
import { CliError } from "../../errors/cli-error";
import type { Tracked, WorkTree } from "../../git/work-tree";
import { readSopsFile } from "../../sops-file/read-sops-file";
import type { SopsFile } from "../../sops-file/sops-file";
import { CheckoutReader } from "../checkout-reader";
import type { DiffSize, FileChange } from "../file-change";
import type { Pins } from "../pins";
import type { Failure, StaleKey } from "../plan";
import type { Progress } from "../progress";
import { count } from "../rewrap-work";
import { isUnchanged, type Snapshot } from "../snapshot";
import type { Work } from "../work";
import { flawOfRotation } from "./file-check";
import { Mirror } from "./mirror";
import { Sops } from "./sops";
import { verbsFor } from "./verbs";

type Environment = Readonly<Record<string, string | undefined>>;

interface Target {
  readonly path: string;
  readonly seen: Snapshot;
}

/** What the tree says of its keys. */
interface Rules {
  readonly pins: Pins;
  /** Vaults that may see the token. */
  readonly trusted: TrustedAddresses;
}

/** New data keys for every file, by the real sops, on copies: what it writes is looked at before it comes near the tree. */
export class DataKeysWork implements Work {
  readonly failures: Failure[] = [];
  readonly notes: readonly string[] = [];
  readonly keys: readonly StaleKey[] = [];
  private readonly targets: Target[] = [];
  private readonly reader: CheckoutReader;
  private readonly idToken: IdTokenFile | undefined;
  private mirror: Mirror | undefined;
  private readonly states = new Map<string, KeyState | string>();
  /** Of Vaults, as the files write them. */
  private readonly addresses = new Set<string>();
  private size: DiffSize = { files: 0, lines: 0, bytes: 0 };

  private constructor(
    private readonly tree: WorkTree,
    private readonly backends: readonly KeyBackend[],
    private readonly env: Environment,
    private readonly progress: Progress,
    private readonly rules: Rules,
  ) {
    this.idToken = IdTokenFile.of(env);
    this.reader = new CheckoutReader(tree.root);
  }

  /** Asks for the current version of each key too: that a token may go there is decided as for a rewrap. */
  static async of(
    tree: WorkTree,
    tracked: Tracked,
    backends: readonly KeyBackend[],
    env: Environment,
    progress: Progress,
    rules: Rules,
  ): Promise<DataKeysWork> {
    const work = new DataKeysWork(tree, backends, env, progress, rules);
    try {
      await work.read(tracked);
      return work;
    } catch (error) {
      work.close();
      throw error;
    }
  }

  get files(): number {
    return this.targets.length;
  }

  get paths(): readonly string[] {
    return this.targets.map(({ path }) => path);
  }

  expected(): DiffSize {
    return this.size;
  }

  async ask(): Promise<void> {
    const mirror = new Mirror();
    this.mirror = mirror;
    for (const path of (await this.tree.tracked()).files)
      if (basename(path) === ".sops.yaml")
        mirror.write(path, readFileSync(join(this.tree.root, path), "latin1"));
    const sops = this.sops();
    await this.progress.start(`Making ${count(this.files, "data key")}`, this.files);
    // sops takes most of its time in one thread and the rest waiting for its key server.
    await inFlight(this.targets, Math.max(2, availableParallelism()), async (target) => {
      try {
        await this.rotate(target, mirror, sops);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        this.failures.push({ path: target.path, why: error.message.replace(`${target.path}: `, "") });
      }
      this.progress.advance(1);
    });
  }

  *changes(): Generator<FileChange> {
    for (const { path, seen } of this.targets)
      yield { path, seen, before: this.asItWas(path, seen).content, content: this.mirror?.read(path) ?? "" };
  }

  message(): string {
    return `Make new data keys for ${count(this.files, "file")}\n\nEvery value is encrypted anew; none changes.`;
  }

  close(): void {
    this.progress.end();
    this.mirror?.remove();
    this.idToken?.remove();
  }

  /** With an allow-list of Vaults in any case. */
  private sops(): Sops {
    const env = this.idToken?.env ?? this.env;
    const list = env.SOPS_HC_VAULT_ALLOWLIST || this.rules.trusted.allowlist(this.addresses);
    return new Sops({ ...env, SOPS_HC_VAULT_ALLOWLIST: list });
  }

  private async read(tracked: Tracked): Promise<void> {
    const recipients = new Map<string, SopsFile["recipients"][number]>();
    const all: [string, () => ReturnType<CheckoutReader["read"]>][] = [
      ...tracked.links.map((path): [string, () => undefined] => [path, () => this.reader.readLink(path)]),
      ...tracked.files.map((path): [string, () => ReturnType<CheckoutReader["read"]>] => [
        path,
        () => this.reader.read(path),
      ]),
    ];
    for (const [path, read] of all) {
      try {
        const found = read();
        if (!found) continue;
        this.requireTrusted(found.file);
        this.targets.push({ path, seen: found.seen });
        this.measure(found.file);
        for (const recipient of found.file.recipients)
          if (!recipients.has(recipient.key))
            recipients.set(recipient.key, JSON.parse(JSON.stringify(recipient)));
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        this.failures.push({ path, why: error.message.replace(`${path}: `, "") });
      }
    }
    for (const backend of this.backends) {
      const mine = [...recipients.values()].filter(({ kind }) => kind === backend.kind);
      if (mine.length === 0) continue;
      for (const [key, state] of await backend.currentVersions(mine)) this.states.set(key, state);
    }
  }

  /** @throws CliError: sops would ask every Vault that the file names, whoever wrote it there. */
  private requireTrusted({ recipients }: SopsFile): void {
    const vaults = recipients.filter(({ kind }) => kind === "hc_vault");
    for (const { fields } of vaults) this.rules.trusted.require(fields.vault_address ?? "");
    for (const { fields } of vaults) this.addresses.add(fields.vault_address ?? "");
  }

  /** Lines with a value, a wrapped key, the date or the MAC: these are what changes. */
  private measure(file: SopsFile): void {
    const lines = file.content.split("\n");
    const changing = lines.filter((line) => /ENC\[AES256_GCM,|lastmodified/.test(line));
    const wrapped = file.recipients.reduce((sum, recipient) => sum + recipient.wrapped.length, 0);
    this.size = {
      files: this.size.files + 1,
      lines: this.size.lines + changing.length + file.recipients.length,
      bytes: changing.reduce((sum, line) => sum + line.length + 1, this.size.bytes) + wrapped,
    };
  }

  private async rotate({ path, seen }: Target, mirror: Mirror, sops: Sops): Promise<void> {
    const before = this.asItWas(path, seen);
    const copy = mirror.write(path, before.content);
    const old = await sops.hashOf(copy);
    const verbs = verbsFor(before.recipients.map(({ kind }) => kind));
    for (const verb of verbs) await sops.change(verb, copy);
    if ((await sops.hashOf(copy)) !== old) throw new CliError("sops made a file that holds something else");
    const after = readSopsFile(path, mirror.read(path));
    const flaw =
      flawOfRotation(before, after, { mayMove: verbs.includes("updatekeys") }) ??
      (after && (await this.behind(path, after)));
    if (flaw !== undefined) throw new CliError(`what sops made of it is not right: ${flaw}`);
  }

  /** What is wrong with the versions that have wrapped it, if anything. sops takes a file to the version that its rule pins. */
  private async behind(path: string, { recipients }: SopsFile): Promise<string | undefined> {
    for (const recipient of recipients) {
      const { key, kind, version } = recipient;
      const state = this.states.get(key);
      const backend = this.backends.find((each) => each.kind === kind);
      if (!backend || typeof state !== "object" || backend.versionsBehind(recipient, state) <= 0) continue;
      if ((await this.rules.pins.of(path, recipient))?.version === version) continue;
      return `it is wrapped by version ${version} of ${key}, which is not the current one`;
    }
    return undefined;
  }

  private asItWas(path: string, seen: Snapshot): SopsFile {
    const read = this.reader.read(path);
    if (!read || !isUnchanged(join(this.tree.root, path), seen))
      throw new CliError(`${path}: somebody has written to it meanwhile; run this again`);
    return read.file;
  }
}
