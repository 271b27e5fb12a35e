import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CliError } from "../../errors/cli-error";

const NEW_LINE = 0x0a;
/** A batch of thousands of data keys is a few megabytes long; what is longer is no entry. */
const LONGEST = 64 * 1024 * 1024;

/** A line of a log. */
export interface LogLine {
  /** Undefined for a line that is too long to be kept. */
  readonly text: string | undefined;
  /** Whether its end was there; the last line may still be written. */
  readonly whole: boolean;
}

/**
 * Lines of a log, one at a time however large the file is; one whose name ends in `.gz` is unpacked.
 *
 * @throws CliError (2) where it cannot be read
 */
export async function* logLines(file: string): AsyncGenerator<LogLine> {
  const raw = createReadStream(file);
  const stream = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  // A pipe does not hand on what went wrong before it.
  raw.on("error", (error) => stream.destroy(error));
  let parts: Buffer[] = [];
  let length = 0;
  const taken = (): string | undefined => {
    const text = length > LONGEST ? undefined : Buffer.concat(parts).toString("utf8");
    parts = [];
    length = 0;
    return text;
  };
  const keep = (part: Buffer) => {
    length += part.length;
    if (length <= LONGEST) parts.push(part);
    else parts = [];
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
        keep(chunk.subarray(start, end));
        yield { text: taken(), whole: true };
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(
      `--vault-log ${file}: cannot be read (${code}); name a file that Vault's file audit device has written`,
      2,
    );
  } finally {
    raw.destroy();
  }
  if (length > 0) yield { text: taken(), whole: false };
}
