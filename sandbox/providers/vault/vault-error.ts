/** What Vault answered to a request that it did not fulfil. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  constructor(
    readonly status: number,
    /** Vault's own words, one entry a complaint. */
    readonly complaints: readonly string[],
    doing: string,
  ) {
    super(
      `Vault refused to ${doing} (${status}): ${complaints.join("; ") || "no reason given"}${advice(status)}`,
    );
  }

  /** True when one of Vault's complaints contains the text. */
  says(text: string): boolean {
    return this.complaints.some((complaint) => complaint.includes(text));
  }
}

function advice(status: number): string {
  return status === 403 ? "; the token is not valid or has no policy for this path" : "";
}
