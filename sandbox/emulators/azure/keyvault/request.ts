import type { Context } from "hono";
import { z } from "zod";
import type { Core } from "../core";
import type { Caller } from "../entra/tokens";
import type { JsonObject } from "../json";
import type { Guard, Wish } from "./guard";
import { badParameter } from "./vault-refusal";
import type { Vault } from "./vaults";

export interface VaultEnv {
  Variables: { core: Core; vault: Vault; caller: Caller; guard: Guard };
}

export type VaultAsk = Context<VaultEnv>;

export const attributesSchema = z.object({
  enabled: z.boolean().optional(),
  nbf: z.number().int().nullish(),
  exp: z.number().int().nullish(),
});
export const tagsSchema = z.record(z.string(), z.string());

/** Refuses what the caller's roles do not allow. */
export function require(c: VaultAsk, wish: Wish): void {
  const assignment = c.get("guard").require(c.get("vault"), c.get("caller"), wish);
  if (assignment !== undefined) c.header("x-ms-keyvault-rbac-assignment-id", assignment);
}

/** The body, checked. */
export async function bodyOf<T extends z.ZodType>(c: VaultAsk, schema: T): Promise<z.infer<T>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw badParameter("The request body is not JSON.");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badParameter(`Property ${issue?.path.join(".") || "body"} has an invalid value: ${issue?.message}`);
}

const PAGE = 25;

/** A page of a list, and where the next one is. */
export function page(c: VaultAsk, all: readonly JsonObject[]) {
  const size = Math.min(PAGE, Number(c.req.query("maxresults") ?? PAGE));
  if (!Number.isInteger(size) || size < 1) throw badParameter("maxresults is a number from 1 to 25.");
  const from = Number(Buffer.from(c.req.query("$skiptoken") ?? "", "base64url").toString() || 0);
  const next = new URL(c.req.url);
  next.searchParams.set("$skiptoken", Buffer.from(String(from + size)).toString("base64url"));
  next.searchParams.set("maxresults", String(size));
  return c.json({
    value: all.slice(from, from + size),
    nextLink: from + size < all.length ? next.href : null,
  });
}
