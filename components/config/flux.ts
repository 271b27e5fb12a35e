import { z } from "zod";
import { DEFAULT_SOURCE } from "../flux/object-name";
import { parseGitUrl } from "./addresses";
import {
  cidr,
  expected,
  flag,
  fluxDuration,
  matching,
  named,
  namespaceName,
  objectName,
  oneOf,
  parsed,
  port,
  repositoryPath,
  strict,
} from "./fields";
import { ConfigProblem, describe } from "./problems";

/** Flux releases differ in how the controller must be started, so the version decides what is rendered. */
export interface FluxVersion {
  readonly major: number;
  readonly minor: number;
  readonly text: string;
}

const UNQUOTED = 'put it in quotes ("2.9"), because YAML reads 2.10 as 2.1';

function parseVersion(value: string): FluxVersion {
  const match = /^v?(\d+)\.(\d+)(\.\d+)?$/.exec(value);
  if (!match) throw new ConfigProblem(`is ${describe(value)}; set it to a Flux version such as "2.9"`);
  const version = { major: Number(match[1]), minor: Number(match[2]), text: `${match[1]}.${match[2]}` };
  if (version.major < 2 || (version.major === 2 && version.minor < 9)) {
    throw new ConfigProblem(
      `is ${version.text}, which can only use a static Vault token; upgrade to Flux 2.9 or later, which logs in by itself`,
    );
  }
  if (version.major > 2)
    throw new ConfigProblem(
      `is ${version.text}, which this program does not know; use Flux 2.9 or a later 2.x`,
    );
  return version;
}

/** Unquoted in YAML, 2.10 arrives as the number 2.1: refuse numbers rather than guess. */
const version = z.preprocess(
  (value, context) => {
    if (typeof value !== "number") return value;
    context.issues.push({ code: "custom", message: `is the number ${value}; ${UNQUOTED}`, input: value });
    return z.NEVER;
  },
  parsed('a Flux version such as "2.9"', parseVersion),
);

const INSTALLATIONS = ["cli", "bootstrap", "operator", "shared"] as const;

const installation = z.enum(INSTALLATIONS, {
  error: (issue) =>
    issue.input === "aks-extension"
      ? "is aks-extension, which takes no controller arguments (Azure/AKS#4390) and so cannot log in to Vault; " +
        "remove the extension and install Flux by its CLI or operator"
      : expected(`one of ${INSTALLATIONS.join(", ")}`)(issue),
});

const decryptor = strict({
  namespace: namespaceName,
  serviceAccount: objectName,
  createNamespace: flag("create the namespace too").default(false),
});

const source = strict({
  name: objectName.default(DEFAULT_SOURCE),
  url: parsed("the deploy repository's URL", parseGitUrl),
  branch: z
    .string({ error: expected("a branch name") })
    .min(1)
    .default("main"),
  interval: fluxDuration.default("1m"),
  secretRef: objectName.optional(),
});

const kustomization = strict({
  path: repositoryPath,
  decryptor: z.string({ error: expected("one of the keys under flux.decryptors") }),
  interval: fluxDuration.default("10m"),
  prune: flag("delete what left the repository").default(true),
  wait: flag("wait until everything applied is ready").default(true),
  timeout: fluxDuration.default("3m"),
  targetNamespace: namespaceName.optional(),
});

/** Newlines are refused because a rendered patch shows the flag to people, on one line. */
const controllerArg = matching(/^--[a-z\d]+(-[a-z\d]+)*(=.+)?$/, "a flag such as --concurrent=10");

const endpoint = strict({ cidr, port });
const endpoints = z.array(endpoint, { error: expected("a list of {cidr, port}") }).default([]);

/** Webhooks whose address is the whole credential. Others need more fields than this config has. */
const ALERT_TYPES = ["slack", "msteams", "discord", "rocket", "googlechat", "generic"] as const;

const alerts = strict({
  type: oneOf(ALERT_TYPES),
  channel: z
    .string({ error: expected("a channel name") })
    .min(1)
    .optional(),
  severity: oneOf(["info", "error"]).default("error"),
});

/** `sopsloop:flux`. */
export const fluxSection = strict({
  version,
  installation: installation.default("cli"),
  namespace: namespaceName.default("flux-system"),
  decryptors: named(decryptor, "service accounts that may decrypt"),
  source,
  kustomizations: named(kustomization, "kustomizations"),
  controllerArgs: z
    .array(controllerArg, { error: expected("a list of flags such as --concurrent=10") })
    .default([]),
  networkPolicies: strict({
    apiServer: endpoint,
    vault: endpoint,
    git: endpoint,
    allow: strict({
      kustomizeController: endpoints,
      sourceController: endpoints,
      notificationController: endpoints,
    }).prefault({}),
    webhooks: flag("let webhooks in, also for the Receivers of others").default(false),
    stockPolicy: oneOf(["present", "absent"]).default("present"),
  }).optional(),
  alerts: alerts.optional(),
});

export type FluxSettings = z.output<typeof fluxSection>;
