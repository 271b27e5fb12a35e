/** One binary of a tool and how to see that it is what it should be. */
export interface Binary {
  readonly name: string;
  /** Import path of its main package. */
  readonly package: string;
  /** Arguments that make it print something and end. */
  readonly probe: readonly string[];
  /** Must appear in what the probe prints. */
  readonly prints: string;
}

/** One tool: a pinned Go module under `sandbox/toolchain/<folder>` and the binaries that are built from it. */
export interface Tool {
  readonly name: string;
  /** Folder with go.mod, go.sum and tools.go. */
  readonly folder: string;
  readonly module: string;
  readonly version: string;
  readonly binaries: readonly Binary[];
  /** `-X name=value` settings of the linker. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly tags?: string;
  /**
   * Releases on PATH that are used instead of a build: matches what the first binary's probe prints. Absent where a
   * binary does not tell its version, so that nothing can be known about one that lies around.
   */
  readonly acceptsOnPath?: RegExp;
}
