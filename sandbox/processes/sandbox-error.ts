/** A failure that a person can mend: one line that says what, where and how. Printed without a stack. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
