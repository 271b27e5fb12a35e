/** Makes keyed digests. Without the key nobody can confirm a guess by them. */
export interface Digests {
  /** Same length and order as asked. @throws CliError where none can be made. */
  make(inputs: readonly Buffer[]): Promise<readonly string[]>;
  /** Whether each digest is that of its input; false also where that cannot be told any more. */
  match(pairs: readonly { readonly input: Buffer; readonly digest: string }[]): Promise<readonly boolean[]>;
}
