import type { Json, JsonObject } from "../json";

/** An answer of ARM that is not what was asked for, in its own words. */
export class ArmRefusal extends Error {
  override readonly name = "ArmRefusal";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Properties of the error besides code and message. */
    readonly more: JsonObject = {},
  ) {
    super(message);
  }

  get body(): JsonObject {
    return { error: this.error };
  }

  get error(): { [name: string]: Json } {
    return { code: this.code, message: this.message, ...this.more };
  }
}

export const badRequest = (message: string, code = "BadRequest") => new ArmRefusal(400, code, message);
export const conflict = (code: string, message: string) => new ArmRefusal(409, code, message);

export function invalidContent(type: string, problem: string): ArmRefusal {
  return new ArmRefusal(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${problem}' on object of type '${type}'.`,
  );
}
