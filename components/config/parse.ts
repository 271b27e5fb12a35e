import type { z } from "zod";
import { parseHttpUrl } from "./addresses";
import { type AzureSettings, azureSection } from "./azure";
import type { ReadFile } from "./certificates";
import { crossChecks } from "./cross-checks";
import { flag, parsed } from "./fields";
import { type FluxSettings, fluxSection } from "./flux";
import { type GitLabSettings, gitlabSection } from "./gitlab";
import { type GitLabVariables, gitlabVariablesSection } from "./gitlab-variables";
import { type KubernetesSettings, kubernetesSection } from "./kubernetes";
import { ConfigProblem, configPath, describe, linesOf, nearest } from "./problems";
import { relayReadToken } from "./relay-read-token";
import { type AgeSettings, ageSection, type SopsSettings, sopsSection } from "./sops";
import { type VaultSettings, vaultSection } from "./vault";

/** The whole config of a stack, checked and with every default filled in. */
export interface Settings {
  readonly adopt: boolean;
  readonly vault: VaultSettings;
  readonly kubernetes: KubernetesSettings;
  readonly flux: FluxSettings;
  /** The webhook that alerts go to. Plain here: whoever reads the engine's config must wrap it as a secret. */
  readonly alertAddress?: string;
  readonly sops: SopsSettings;
  readonly age?: AgeSettings;
  readonly gitlab?: GitLabSettings;
  /** Plain here as well. */
  readonly gitlabVariables?: GitLabVariables;
  readonly azure?: AzureSettings;
  /** Plain here as well. */
  readonly relayReadToken?: string;
}

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly errors: readonly string[] };

/** What parsing asks of the outside. */
export interface ConfigSurroundings {
  readonly readFile: ReadFile;
  /** Whether the stack stores the value of a key encrypted. */
  readonly isSecret: (key: string) => boolean;
  /** `VAULT_NAMESPACE` of the environment, which the vault provider falls back to. */
  readonly vaultNamespace?: string | undefined;
}

const KEYS = [
  "adopt",
  "vault",
  "kubernetes",
  "flux",
  "alertAddress",
  "sops",
  "age",
  "gitlab",
  "gitlabVariables",
  "azure",
  "relayReadToken",
] as const;
type Key = (typeof KEYS)[number];

/** Keys that must not be stored in clear. */
const SECRET_KEYS = ["alertAddress", "gitlabVariables", "relayReadToken"] as const;

/** Pulumi.yaml must give every optional key a default, and has no way to say "none": empty means absent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === "" || (isObject(value) && Object.keys(value).length === 0);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const alertAddress = parsed("a webhook URL", (value) => {
  // A webhook's URL is its password, so no error may repeat it.
  if (!URL.canParse(value)) throw new ConfigProblem("is not a URL; set it to the webhook's https address");
  return parseHttpUrl(value, "https://hooks.example.com/…");
});

/**
 * Checks the raw config (values by key without the project's prefix, objects already decoded) and returns it typed, or
 * every problem at once, one line each: config path, what is wrong, how to mend it.
 */
export function parseConfig(
  raw: Readonly<Record<string, unknown>>,
  { readFile, isSecret, vaultNamespace }: ConfigSurroundings,
): ParsedSettings {
  const errors: string[] = unknownSections(raw);
  const read = <Out>(key: Key, schema: z.ZodType<Out>, absent: unknown): Out | undefined => {
    const result = schema.safeParse(isAbsent(raw[key]) ? absent : raw[key]);
    if (result.success) return result.data;
    errors.push(...linesOf(key, result.error.issues));
    return undefined;
  };
  const optional = <Out>(key: Key, schema: z.ZodType<Out>) =>
    isAbsent(raw[key]) ? undefined : read(key, schema, undefined);
  const adopt = read("adopt", flag("take over the guide's setup"), false);
  const vault = read("vault", vaultSection(readFile), undefined);
  const kubernetes = read("kubernetes", kubernetesSection(readFile), {});
  const flux = read("flux", fluxSection, undefined);
  const sops = read("sops", sopsSection, {});
  const age = optional("age", ageSection);
  const address = optional("alertAddress", alertAddress);
  const gitlab = optional("gitlab", gitlabSection(readFile));
  const gitlabVariables = optional("gitlabVariables", gitlabVariablesSection);
  const azure = optional("azure", azureSection);
  const readToken = optional("relayReadToken", relayReadToken);
  for (const key of SECRET_KEYS) if (!isAbsent(raw[key]) && !isSecret(key)) errors.push(storedInClear(key));
  if (vault && vaultNamespace && vault.namespace !== vaultNamespace)
    errors.push(ambientNamespace(vaultNamespace));
  const webhook = address === undefined ? {} : { alertAddress: address };
  const pipelines = { ...(gitlab && { gitlab }), ...(gitlabVariables && { gitlabVariables }) };
  const cloud = { ...(azure && { azure }), ...(readToken !== undefined && { relayReadToken: readToken }) };

  errors.push(
    ...crossChecks({
      ...(adopt !== undefined && { adopt }),
      ...(vault && { vault }),
      ...(kubernetes && { kubernetes }),
      ...(flux && { flux }),
      ...(gitlab && { gitlab }),
      hasGitLab: !isAbsent(raw.gitlab),
      ...cloud,
      hasAzure: !isAbsent(raw.azure),
      ...(gitlabVariables && isAbsent(raw.gitlab) && { gitlabVariables }),
      // A webhook that is there but wrong has its own error; saying that it is missing would be a second, false one.
      ...(isAbsent(raw.alertAddress) ? {} : { alertAddress: address ?? "https://unreadable.invalid" }),
    }),
  );
  if (errors.length > 0 || adopt === undefined || !vault || !kubernetes || !flux || !sops)
    return { ok: false, errors };
  return {
    ok: true,
    settings: {
      adopt,
      vault,
      kubernetes,
      flux,
      sops,
      ...(age && { age }),
      ...pipelines,
      ...cloud,
      ...webhook,
    },
  };
}

/** Vault's half would land in one namespace while Flux and sops look in another. */
function ambientNamespace(namespace: string): string {
  const path = configPath(["vault", "namespace"]);
  return `${path}: differs from VAULT_NAMESPACE, which is ${describe(namespace)} in this environment; set it to that or unset the variable`;
}

function storedInClear(key: Key): string {
  const path = configPath([key]);
  return `${path}: is stored in clear; run pulumi config set --secret ${path}, and change the credential if it was shared`;
}

function unknownSections(raw: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(raw)
    .filter((key) => !KEYS.some((known) => known === key))
    .map((key) => {
      const guess = nearest(key, KEYS);
      const mend = guess ? `did you mean ${configPath([guess])}?` : `known are ${KEYS.join(", ")}`;
      return `${configPath([key])}: is not a known key; ${mend}`;
    });
}
