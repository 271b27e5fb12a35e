/** An access token that is not good for what it was shown for. Each service says so in words of its own. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";

  constructor(readonly reason: "missing" | "malformed" | "signature" | "expired" | "audience" | "issuer") {
    super(`access token refused: ${reason}`);
  }
}
