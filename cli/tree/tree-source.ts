/** Files of one state of a repository: what is checked out, or what a branch holds. Paths have `/` and are relative to the tree. */
export interface TreeSource {
  /** Every tracked regular file. */
  readonly files: readonly string[];
  /** Those of them that were asked about. The others still count as `.sops.yaml` and as Flux's manifests. */
  readonly asked: readonly string[];
  /** What is not looked into, and why. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** The bytes of a file; `undefined` where it is not there. Throws where it cannot be read. */
  read(path: string): Buffer | undefined | Promise<Buffer | undefined>;
}
