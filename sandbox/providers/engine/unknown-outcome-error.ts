/**
 * The server may or may not have done what was asked: the connection broke before it answered. The engine keeps the
 * operation as pending, so that a person looks before it is repeated.
 */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";
}
