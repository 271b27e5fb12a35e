import type { Context } from "hono";
import type { z } from "zod";

/** What the administrator asked for and does not get. */
export class AdminRefusal extends Error {
  override readonly name = "AdminRefusal";

  constructor(
    readonly status: 400 | 401 | 404,
    message: string,
  ) {
    super(message);
  }
}

/** The body, checked. */
export async function bodyOf<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AdminRefusal(400, `${issue?.path.join(".") || "body"}: ${issue?.message}`);
}
