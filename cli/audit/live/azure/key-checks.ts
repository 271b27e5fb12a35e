import type { Fields } from "../../../verify/azure/azure-look";
import type { DeclaredAzureKey } from "../../../verify/declared-azure";
import { fieldOf, listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { found } from "../found";
import type { KeyFacts } from "./facts";

const OPERATIONS = ["encrypt", "decrypt"];

/** A vault and its key against what is declared. */
export function azureKeyFindings({ declared, vault, key, isLogged }: KeyFacts): Finding[] {
  const { vault: name, url } = declared;
  if (vault === null) return [found("azure-vault-missing", name, "the subscription has no such vault")];
  if (vault === undefined) return [];
  const inVault = vaultFindings(vault, name);
  if (isLogged === false)
    inVault.push(found("azure-vault-unlogged", name, "no diagnostic setting takes its AuditEvent"));
  if (key === null) return [...inVault, found("azure-key-missing", url, "the vault has no such key")];
  return key === undefined ? inVault : [...inVault, ...stateOf(key, declared)];
}

function vaultFindings(vault: Fields, name: string): Finding[] {
  const findings: Finding[] = [];
  const isPublic = String(vault.publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled";
  const action = String(fieldOf(vault, "networkAcls")?.defaultAction ?? "Allow");
  if (isPublic && action.toLowerCase() === "allow")
    findings.push(found("azure-vault-network", name, "defaultAction is Allow"));
  if (vault.enablePurgeProtection !== true)
    findings.push(found("azure-vault-purgeable", name, "enablePurgeProtection is off"));
  if (vault.enableRbacAuthorization !== true)
    findings.push(found("azure-vault-access-policies", name, "enableRbacAuthorization is off"));
  return findings;
}

function stateOf(key: Fields, declared: DeclaredAzureKey): Finding[] {
  const { url, type, size } = declared;
  const attributes = fieldOf(key, "attributes") ?? {};
  const findings: Finding[] = [];
  if (key.kty !== type || Number(key.keySize) !== size)
    findings.push(
      found("azure-key-type", url, `it is ${key.kty} of ${key.keySize} bits, declared is ${type} of ${size}`),
    );
  const more = listOf(key.keyOps).filter((operation) => !OPERATIONS.includes(operation));
  if (more.length > 0) findings.push(found("azure-key-operations", url, `it may ${more.join(", ")} too`));
  if (attributes.exportable === true) findings.push(found("azure-key-exportable", url, "exportable is on"));
  const ends = Number(attributes.exp ?? 0) * 1_000;
  if (attributes.enabled === false)
    findings.push(found("azure-key-disabled", url, "the current version is off"));
  else if (ends > 0 && ends < Date.now())
    findings.push(
      found("azure-key-disabled", url, `the current version ended at ${new Date(ends).toISOString()}`),
    );
  const rotation = rotationProblem(key, declared);
  return rotation === undefined ? findings : [...findings, found("azure-key-rotation", url, rotation)];
}

function rotationProblem(
  key: Fields,
  { rotatesAfter, rotatesBeforeExpiry }: DeclaredAzureKey,
): string | undefined {
  if (rotatesAfter === null && rotatesBeforeExpiry === null) return undefined;
  const actions = fieldOf(key, "rotationPolicy")?.lifetimeActions;
  const rotates = (Array.isArray(actions) ? (actions as readonly Fields[]) : []).find(
    (one) => String(fieldOf(one, "action")?.type).toLowerCase() === "rotate",
  );
  const trigger = fieldOf(rotates, "trigger");
  if (trigger === undefined) return "it does not rotate by itself";
  const after = trigger.timeAfterCreate ?? null;
  const before = trigger.timeBeforeExpiry ?? null;
  if (after === rotatesAfter && before === rotatesBeforeExpiry) return undefined;
  const words = (one: unknown, other: unknown) =>
    one === null ? `${other} before it ends` : `${one} after it was made`;
  return `it rotates ${words(after, before)}, declared is ${words(rotatesAfter, rotatesBeforeExpiry)}`;
}
