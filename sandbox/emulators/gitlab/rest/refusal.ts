import type { Json } from "../model";

/** An answer that is not what was asked for, in GitLab's words. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly body: Json,
  ) {
    super(JSON.stringify(body));
  }
}

export const unauthorized = () => new Refusal(401, { message: "401 Unauthorized" });
export const forbidden = (why?: string) =>
  new Refusal(403, { message: why === undefined ? "403 Forbidden" : `403 Forbidden - ${why}` });
/** @param what as in `404 Project Not Found`. */
export const notFound = (what = "") =>
  new Refusal(404, { message: `404 ${what === "" ? "" : `${what} `}Not Found` });
/** @param reasons by field, as a model's validation has them. */
export const invalid = (reasons: Json) => new Refusal(400, { message: reasons });
/** A parameter of the request itself. */
export const badRequest = (error: string) => new Refusal(400, { error });
