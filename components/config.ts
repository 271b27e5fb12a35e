import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { portOf } from "./config/addresses";
import type { GitLabVariables } from "./config/gitlab-variables";
import { parseConfig, type Settings } from "./config/parse";

/** The settings with the secrets among them wrapped as such. */
export interface Config extends Omit<Settings, "alertAddress" | "gitlabVariables" | "relayReadToken"> {
  /** Webhook that alerts go to, secret. */
  readonly alertAddress?: pulumi.Output<string>;
  /** Port the webhook is reached on; the address itself must not be read to learn it. */
  readonly alertPort?: number;
  /** Secrets of the deploy project by name, each value secret. */
  readonly gitlabVariables?: Readonly<Record<string, SecretVariable>>;
  /** Token by which the relay lists pipelines, secret. */
  readonly relayReadToken?: pulumi.Output<string>;
}

/** A variable of GitLab's CI/CD. */
export interface SecretVariable extends Omit<GitLabVariables[string], "value"> {
  readonly value: pulumi.Output<string>;
}

/** Keys whose value the engine hands over as JSON text; the others are plain text. */
const JSON_KEYS: ReadonlySet<string> = new Set([
  "adopt",
  "vault",
  "kubernetes",
  "flux",
  "sops",
  "age",
  "gitlab",
  "gitlabVariables",
  "azure",
]);

function decode(key: string, text: string): unknown {
  if (!JSON_KEYS.has(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function rawConfig(project: string): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig() ?? {})
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), decode(key.slice(prefix.length), value)]),
  );
}

/** Keys stored encrypted. The engine says so in the environment; the SDK keeps its own reader of it internal. */
function secretKeys(): readonly string[] {
  const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return Array.isArray(keys) ? keys.map(String) : [];
}

/**
 * Reads and checks the stack's config. Throws one `pulumi.RunError` that lists every problem, one line each: the
 * engine prints such an error without a stack.
 */
export function loadConfig(): Config {
  const project = pulumi.getProject();
  const parsed = parseConfig(rawConfig(project), {
    readFile: (path) => readFileSync(path, "utf8"),
    vaultNamespace: process.env.VAULT_NAMESPACE,
    isSecret: (key) => secretKeys().includes(`${project}:${key}`),
  });
  if (!parsed.ok) {
    const count = parsed.errors.length === 1 ? "a problem" : `${parsed.errors.length} problems`;
    throw new pulumi.RunError(
      `The config of stack ${pulumi.getStack()} has ${count}:\n${parsed.errors.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  const { alertAddress, gitlabVariables, relayReadToken, ...settings } = parsed.settings;
  return {
    ...settings,
    ...(gitlabVariables && { gitlabVariables: wrapped(gitlabVariables) }),
    ...(relayReadToken !== undefined && { relayReadToken: pulumi.secret(relayReadToken) }),
    ...(alertAddress !== undefined && {
      alertAddress: pulumi.secret(alertAddress),
      alertPort: portOf(alertAddress),
    }),
  };
}

function wrapped(variables: GitLabVariables): Readonly<Record<string, SecretVariable>> {
  const entries = Object.entries(variables);
  return Object.fromEntries(
    entries.map(([name, { value, ...about }]) => [name, { ...about, value: pulumi.secret(value) }]),
  );
}
