import { z } from "zod";
import type { JsonObject } from "../json";
import { invalidContent } from "./arm-refusal";
import type { BodyModel } from "./resource-type";

/** Where none of Azure's clients can check a body, a schema does. */
export class SchemaModel implements BodyModel {
  constructor(private readonly schema: z.ZodType<Record<string, unknown>>) {}

  async check(body: JsonObject, type: string): Promise<JsonObject> {
    const { id: _id, name: _name, type: _type, systemData: _system, etag: _etag, ...sent } = body;
    const parsed = this.schema.safeParse(sent);
    if (parsed.success) return parsed.data as JsonObject;
    const [issue] = parsed.error.issues;
    throw invalidContent(type, `${issue?.message}, path '${issue?.path.join(".")}'`);
  }
}

export const tags = z.record(z.string(), z.string()).optional();
