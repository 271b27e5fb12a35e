import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { CliError } from "../errors/cli-error";
import type { Io } from "../io";
import { pulumiStack } from "../stack/pulumi-stack";
import { azureAudit, azureOutputs } from "./declared-azure";

/** A role of Vault's by which Flux logs in, in the output `audit`. */
export const roleOutput = z.object({
  name: z.string(),
  /** `auth/<mount>` */
  auth: z.string(),
  audience: z.string().nullable(),
  namespaces: z.array(z.string()),
  serviceAccounts: z.array(z.string()),
  policies: z.array(z.string()),
  ttlSeconds: z.number(),
  tokenType: z.string(),
});

/** What Flux decrypts, in the same. */
export const deliveryOutput = z.object({
  kustomization: z.string(),
  namespace: z.string(),
  serviceAccount: z.string(),
  path: z.string(),
  source: z.string(),
  branch: z.string(),
  targetNamespace: z.string().nullable(),
});

/** The part of the program's outputs that is checked against the live systems. */
export const outputs = z.object({
  vaultAddress: z.string(),
  vaultTransitUri: z.string(),
  sopsConfig: z.string(),
  loginPath: z.string(),
  decryptRoles: z.record(z.string(), z.string()),
  policyNames: z.object({ decrypt: z.string(), pipeline: z.string(), status: z.string() }),
  audit: z.object({
    vault: z.object({ address: z.string(), auditLog: z.string().nullable() }),
    key: z.object({
      mount: z.string(),
      name: z.string(),
      type: z.string(),
      minDecryptionVersion: z.number(),
    }),
    policies: z.record(z.string(), z.object({ text: z.string() })),
    roles: z.array(roleOutput),
    decryption: z.array(deliveryOutput),
    azure: azureAudit.optional(),
  }),
  azure: azureOutputs.optional(),
});

/** What should be: the outputs of the program's stack. */
export type Declared = z.infer<typeof outputs>;
export type DeclaredRole = z.infer<typeof roleOutput>;
export interface DeclaredOptions {
  /** Stack; the selected one when absent. */
  readonly stack?: string;
  /** File with the outputs, in the place of a stack. */
  readonly outputs?: string;
}

/** @throws CliError where there are no outputs, or they are not this program's. */
export async function declaredBy(options: DeclaredOptions, io: Io): Promise<Declared> {
  const [text, source] =
    options.outputs === undefined ? await fromStack(options.stack, io) : fromFile(options.outputs, io);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new CliError(`${source}: is not JSON; write it with: pulumi stack output --json`, 2);
  }
  const checked = outputs.safeParse(found);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new CliError(
    `${source}: has no usable ${issue?.path.join(".")}; is it a stack of sopsloop, and has pulumi up run?`,
    2,
  );
}

function fromFile(file: string, io: Io): [string, string] {
  try {
    return [readFileSync(resolve(io.cwd, file), "utf8"), file];
  } catch (error) {
    throw new CliError(
      `--outputs ${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); name a file`,
      2,
    );
  }
}

async function fromStack(stack: string | undefined, io: Io): Promise<[string, string]> {
  const printed = await pulumiStack(["output", "--json"], stack, "--outputs", io);
  return [printed, `stack ${stack ?? "selected here"}`];
}
