import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { CliError } from "../errors/cli-error";

/** Reads contents out of a repository by one git process, however many they are. */
export class BlobReader {
  private readonly child: ChildProcessWithoutNullStreams;
  private buffered = Buffer.alloc(0);
  private arrived: (() => void) | undefined;
  private ended = false;
  /** Answers come in the order of the questions, so that there is one question at a time. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly folder: string,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.child = spawn("git", ["cat-file", "--batch"], { cwd: folder, env: { ...env, LC_ALL: "C" } });
    this.child.stdout.on("data", (part: Buffer) => {
      this.buffered = Buffer.concat([this.buffered, part]);
      this.arrived?.();
    });
    const end = () => {
      this.ended = true;
      this.arrived?.();
    };
    this.child.on("error", end).on("close", end);
    this.child.stdin.on("error", () => undefined);
  }

  /** @param id of a blob that is known to be there. @throws CliError where git cannot give it. */
  read(id: string): Promise<Buffer> {
    const next = this.last.then(() => this.answer(id));
    this.last = next.catch(() => undefined);
    return next;
  }

  close(): void {
    this.child.stdin.end();
  }

  private async answer(id: string): Promise<Buffer> {
    this.child.stdin.write(`${id}\n`);
    let newline = this.buffered.indexOf(10);
    while (newline < 0) {
      await this.more();
      newline = this.buffered.indexOf(10);
    }
    const [, kind, size] = this.buffered.toString("latin1", 0, newline).split(" ");
    if (kind !== "blob")
      throw new CliError(
        `git in ${this.folder} has no content for ${id}; fetch the whole history of the ref`,
      );
    const end = newline + 1 + Number(size);
    while (this.buffered.length < end + 1) await this.more();
    const content = this.buffered.subarray(newline + 1, end);
    this.buffered = this.buffered.subarray(end + 1);
    return content;
  }

  private async more(): Promise<void> {
    if (this.ended) throw new CliError(`git cat-file ended early in ${this.folder}`);
    await new Promise<void>((resolve) => {
      this.arrived = resolve;
    });
  }
}
