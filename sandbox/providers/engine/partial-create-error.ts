import type { PlainMap } from "./resource-type";

/**
 * Thrown by `create` when something was left behind: the engine then records the resource, with the reason, and the
 * next update goes on from there instead of making a second one.
 */
export class PartialCreateError extends Error {
  override readonly name = "PartialCreateError";
  constructor(
    reason: string,
    readonly id: string,
    readonly inputs: PlainMap,
    readonly outputs: PlainMap,
    /** Top-level properties that are secret beside those that the call marked. */
    readonly secrets: readonly string[] = [],
  ) {
    super(reason);
  }

  /** The same with these properties secret. */
  withSecrets(names: readonly string[]): PartialCreateError {
    return new PartialCreateError(this.message, this.id, this.inputs, this.outputs, names);
  }
}
