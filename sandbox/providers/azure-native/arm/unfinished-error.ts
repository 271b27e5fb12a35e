/** Azure began to do what was asked, but did not come to its end: something may be there. */
export class UnfinishedError extends Error {
  override readonly name = "UnfinishedError";
}
