import * as z from "zod";

/** A key in Azure, in the output `audit`. */
export const azureKeyOutput = z.object({
  url: z.string(),
  vault: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  rotatesAfter: z.string().nullable(),
  rotatesBeforeExpiry: z.string().nullable(),
  expiresAfter: z.string().nullable(),
});

/** Who somebody is in Azure, in the same. */
export const azureIdentityOutput = z.object({
  name: z.string(),
  clientId: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
  may: z.array(z.string()),
});

/** Of the output `azure`. */
export const azureOutputs = z.object({
  tenantId: z.string(),
  /** ARM ids, by what they are for. */
  roles: z.record(z.string(), z.string()),
  relay: z.object({ url: z.string(), subscriptionIds: z.array(z.string()) }).optional(),
});

/** Of the output `audit`. */
export const azureAudit = z.object({
  keys: z.array(azureKeyOutput),
  identities: z.array(azureIdentityOutput),
});

export type DeclaredAzureKey = z.infer<typeof azureKeyOutput>;
export type DeclaredAzureIdentity = z.infer<typeof azureIdentityOutput>;

/** The Azure half as a whole. */
export interface DeclaredAzure {
  readonly tenantId: string;
  readonly keys: readonly DeclaredAzureKey[];
  readonly identities: readonly DeclaredAzureIdentity[];
  readonly roles: Readonly<Record<string, string>>;
  readonly relay?: { readonly url: string; readonly subscriptionIds: readonly string[] };
}

/** Undefined where the stack has none. */
export function declaredAzure({
  audit,
  azure,
}: {
  readonly audit: { readonly azure?: z.infer<typeof azureAudit> | undefined };
  readonly azure?: z.infer<typeof azureOutputs> | undefined;
}): DeclaredAzure | undefined {
  if (!azure || !audit.azure) return undefined;
  const { tenantId, roles, relay } = azure;
  return { ...audit.azure, tenantId, roles, ...(relay && { relay }) };
}
