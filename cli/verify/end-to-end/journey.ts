import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Io } from "../../io";
import type { Kubectl } from "../../kubernetes/kubectl";
import { Fault } from "../probe";
import { encrypt } from "./encrypt";
import { type Decryption, FluxTarget } from "./flux-target";
import { list, unlist } from "./manifest-list";
import { ScratchClone } from "./scratch-clone";

const ARRIVAL_MS = 120_000;
/** For what did not even arrive. */
const DEPARTURE_MS = 30_000;

/** A test secret's way through sops, git and Flux, and out again. */
export class Journey {
  private readonly name = `sopsloop-verify-${randomBytes(4).toString("hex")}`;
  private readonly clone: ScratchClone;
  private readonly flux: FluxTarget;
  private hasLeft = false;
  private hasArrived = false;

  constructor(
    private readonly target: Decryption,
    /** Text of `.sops.yaml`. */
    private readonly sopsConfig: string,
    kubectl: Kubectl,
    private readonly io: Io,
  ) {
    this.clone = new ScratchClone(target.source, target.branch, io);
    this.flux = new FluxTarget(kubectl, target);
  }

  /** Resolves with what was seen. @throws Fault that says where it got stuck, or that the signal came. */
  async go(signal: AbortSignal): Promise<string> {
    await this.clone.open();
    // Sees to it that it may look there before anything is sent.
    await this.flux.secret(this.name, "probe");
    const value = randomBytes(24).toString("base64url");
    const encrypted = await encrypt(
      {
        plaintext: this.manifest(value),
        path: posix.join(this.target.path, this.file),
        config: this.sopsConfig,
        aside: this.clone.aside,
      },
      this.io,
    );
    this.heed(signal);
    this.hasLeft = true;
    await this.clone.push(`Verify the loop: ${this.name}, which goes again at once`, () =>
      this.put(encrypted),
    );
    const begun = Date.now();
    this.hasArrived = await this.flux.until(
      async () => (await this.flux.secret(this.name, "probe")) === value,
      ARRIVAL_MS,
      signal,
    );
    this.heed(signal);
    if (!this.hasArrived)
      throw new Fault(
        `the Secret did not arrive within ${ARRIVAL_MS / 1000} s: ${await this.flux.message()}`,
        this.flux.describe,
      );
    return `${this.flux.namespace}/${this.name}, ${((Date.now() - begun) / 1000).toFixed(1)} s after the push`;
  }

  /**
   * Leaves nothing: neither a file in the repository nor a Secret in the cluster. Looks at what is really there, since whoever
   * interrupts may have done so in the middle of a push. @throws Fault that says what is left, and how to take it away.
   */
  async undo(): Promise<void> {
    try {
      if (!this.hasLeft) return;
      const commit = await this.clone.push(`Verified the loop: ${this.name} goes again`, () =>
        this.takeAway(),
      );
      if (commit === undefined) return;
      const applied = () => this.flux.hasApplied(commit);
      if (!this.hasArrived) await this.flux.until(applied, DEPARTURE_MS);
      else await this.flux.until((await this.flux.prunes()) ? () => this.isGone() : applied, ARRIVAL_MS);
      // Without prune, Flux leaves in the cluster what it once applied.
      if (!(await this.isGone())) await this.flux.deleteSecret(this.name);
      if (!(await this.isGone())) throw this.left("the test Secret stays in the cluster");
    } catch (error) {
      if (error instanceof Fault && error.next.includes(this.name)) throw error;
      throw this.left(`the test secret may be left: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.clone.close();
    }
  }

  private get file(): string {
    return `${this.name}.sops.yaml`;
  }

  private get folder(): string {
    return join(this.clone.folder, this.target.path);
  }

  private put(encrypted: string): void {
    mkdirSync(this.folder, { recursive: true });
    list(this.folder, this.file);
    writeFileSync(join(this.folder, this.file), encrypted);
  }

  private takeAway(): void {
    unlist(this.folder, this.file);
    rmSync(join(this.folder, this.file), { force: true });
  }

  private async isGone(): Promise<boolean> {
    return (await this.flux.secret(this.name, "probe")) === undefined;
  }

  private manifest(value: string): string {
    return [
      "apiVersion: v1",
      "kind: Secret",
      "metadata:",
      `  name: ${this.name}`,
      `  namespace: ${this.flux.namespace}`,
      "stringData:",
      `  probe: ${value}`,
      "",
    ].join("\n");
  }

  private heed({ aborted }: AbortSignal): void {
    if (aborted)
      throw new Fault("interrupted; the test secret is taken out again", "sopsloop verify --end-to-end");
  }

  private left(why: string): Fault {
    return new Fault(
      why,
      `git rm ${posix.join(this.target.path, this.file)} in ${this.target.source}; kubectl -n ${this.flux.namespace} delete secret ${this.name}`,
    );
  }
}
