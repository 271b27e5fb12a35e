/**
 * Why a rule could not judge a resource.
 * - `unknown`: a value is known only once its resource was made.
 * - `secret`: a value is a secret, and its content is not at hand.
 * - `form`: a value is not what its resource type takes; whoever makes the resource will refuse it.
 */
export type Reason = "unknown" | "secret" | "form";

/** Thrown where a rule needs a value that cannot be read. It is neither a pass nor a violation. */
export class NotDecidable extends Error {
  constructor(
    readonly reason: Reason,
    /** The way to the value in its resource: names, and positions in lists. */
    readonly steps: readonly (string | number)[],
    /** URN of that resource, which a stack rule may have read beside the one that it judges. */
    readonly urn: string,
  ) {
    super(`${pathOf(steps)} ${WORDS[reason]}`);
  }

  /** The value's path, such as `spec.rules[0].verbs`. */
  get path(): string {
    return pathOf(this.steps);
  }
}

function pathOf(steps: readonly (string | number)[]): string {
  return steps
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

const WORDS: Readonly<Record<Reason, string>> = {
  unknown: "is known only once the resource was made",
  secret: "is a secret whose content is not at hand",
  form: "has another form than its type takes",
};
