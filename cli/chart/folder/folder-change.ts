/** What becomes of one file. Paths are relative to the repository's root, with `/`. */
export interface FolderChange {
  readonly path: string;
  /** Absent where there is no such file yet. */
  readonly before?: string;
  /** Absent where the file goes. */
  readonly after?: string;
}
