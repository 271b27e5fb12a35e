import { existsSync, readFileSync, statSync } from "node:fs";

/** What the relay says of an event that started a pipeline. */
export interface StartedPipeline {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `vault/key`. */
  readonly key: string;
  readonly version: string;
  readonly pipeline: number;
}

/** The log of the relay's pod, read from a moment on. */
export class RelayLog {
  private constructor(
    private readonly file: string,
    private readonly offset: number,
  ) {}

  /** What will be written from now on. */
  static fromNow(file: string): RelayLog {
    return new RelayLog(file, existsSync(file) ? statSync(file).size : 0);
  }

  started(): StartedPipeline[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file).subarray(this.offset).toString("utf8").split("\n");
    // The last line may still be in the making.
    return lines.slice(0, -1).flatMap((line) => {
      const { time, message, key, version, pipeline } = JSON.parse(line) as Readonly<Record<string, string>>;
      if (message !== "started a pipeline") return [];
      return [
        {
          at: Date.parse(time ?? ""),
          key: key ?? "",
          version: version ?? "",
          pipeline: Number(pipeline),
        },
      ];
    });
  }
}
