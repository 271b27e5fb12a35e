import { isAbsolute } from "node:path";
import { z } from "zod";
import { parseHttpUrl, parseServerAddress } from "./addresses";
import { caSource, publicKey, type ReadFile } from "./certificates";
import {
  duration,
  expected,
  flag,
  keyName,
  mountPath,
  namespaceName,
  objectName,
  parseDuration,
  parsed,
  strict,
} from "./fields";
import { ConfigProblem, describe } from "./problems";

const ADDRESS_EXAMPLE = "https://vault.example.com:8200";

const address = parsed(`Vault's address, such as ${ADDRESS_EXAMPLE}`, (value) =>
  parseServerAddress(value, ADDRESS_EXAMPLE),
);

const autoRotatePeriod = parsed("a duration such as 2160h, or 0 for never", (value) => {
  const seconds = parseDuration(value);
  // Vault's own floor: it refuses a shorter period when the key is written.
  if (seconds !== 0 && seconds < 3600) {
    throw new ConfigProblem(`is ${value}; set it to 0 (never) or at least 1h`);
  }
  return seconds;
});

const keyVersion = z
  .number({ error: expected("a key version, 1 or more") })
  .refine((value) => Number.isInteger(value) && value >= 1, {
    error: (issue) => `is ${describe(issue.input)}; set it to a key version, 1 or more`,
  });

/** Flux logs in anew for every build, so the token needs to outlive one build and nothing else. */
const tokenTtl = duration("1m", "1h", "a token serves one Flux build").prefault("10m");

const reviewer = z.discriminatedUnion(
  "mode",
  [
    strict({ mode: z.literal("in-cluster") }),
    strict({
      mode: z.literal("token"),
      namespace: namespaceName.optional(),
      serviceAccount: objectName.default("vault-token-reviewer"),
    }),
  ],
  {
    error: (issue) => {
      const mode = memberOf(issue.input, "mode");
      if (mode === "client-jwt" || mode === "client") {
        return (
          "is client-jwt, which cannot work: the API server refuses a token made for Vault; " +
          "set it to in-cluster or token, or use auth.method jwt"
        );
      }
      return choice(issue.input, "mode", ["in-cluster", "token"]);
    },
  },
);

const authKeys = (readFile: ReadFile) => {
  const url = (what: string, example: string) =>
    parsed(what, (value) => parseHttpUrl(value, example)).optional();
  return strict({
    discovery: url("the cluster's issuer URL", "https://issuer.example.com"),
    jwks: url("the cluster's JWKS URL", "https://issuer.example.com/openid/v1/jwks"),
    pem: z
      .array(publicKey, { error: expected("a list of PEM public keys") })
      .min(1, { error: "is empty; give at least one PEM public key" })
      .optional(),
    ca: caSource(readFile).optional(),
  }).transform(({ discovery, jwks, pem, ca }, context) => {
    const trust = ca ? { ca } : {};
    if (discovery && !jwks && !pem) return { discovery, ...trust };
    if (jwks && !discovery && !pem) return { jwks, ...trust };
    if (pem && !discovery && !jwks && !ca) return { pem };
    const message =
      pem && ca && !discovery && !jwks
        ? "has pem and ca; leave ca out, nothing is fetched"
        : "needs exactly one of discovery, jwks, pem";
    context.issues.push({ code: "custom", message, input: undefined });
    return z.NEVER;
  });
};

const auth = (readFile: ReadFile) =>
  z.discriminatedUnion(
    "method",
    [
      strict({ method: z.literal("kubernetes"), mount: mountPath.default("kubernetes"), tokenTtl, reviewer }),
      strict({
        method: z.literal("jwt"),
        mount: mountPath.default("jwt"),
        tokenTtl,
        keys: authKeys(readFile),
        issuer: z
          .string({ error: expected("the issuer as it stands in the tokens") })
          .min(1)
          .optional(),
      }),
    ],
    { error: (issue) => choice(issue.input, "method", ["kubernetes", "jwt"]) },
  );

function memberOf(input: unknown, key: string): unknown {
  return typeof input === "object" && input !== null ? Reflect.get(input, key) : undefined;
}

/** The path of such an issue already ends in the key, unless the whole object is missing. */
function choice(input: unknown, key: string, values: readonly string[]): string {
  if (input === undefined) return `is missing; set ${key} to ${values.join(" or ")}`;
  const value = memberOf(input, key);
  return `${value === undefined ? "is missing" : `is ${describe(value)}`}; set it to ${values.join(" or ")}`;
}

const auditPath = parsed("an absolute path on the Vault server", (value) => {
  if (!isAbsolute(value))
    throw new ConfigProblem(`is ${describe(value)}; set it to an absolute path on the Vault server`);
  return value;
});

/** The mount and key of the Flux guide's commands. Its policy has a fixed name, so it can only be about this key. */
export const GUIDE_KEY = { mount: "transit", key: "sops" } as const;

/** Whether the transit settings name the guide's own key. */
export function isGuideKey({ mount, key }: { readonly mount: string; readonly key: string }): boolean {
  return mount === GUIDE_KEY.mount && key === GUIDE_KEY.key;
}

/** `sopsloop:vault`. */
export const vaultSection = (readFile: ReadFile) =>
  strict({
    address,
    ca: caSource(readFile).optional(),
    namespace: mountPath.optional(),
    transit: strict({
      mount: mountPath.default(GUIDE_KEY.mount),
      key: keyName.default(GUIDE_KEY.key),
      autoRotatePeriod: autoRotatePeriod.prefault("2160h"),
      minDecryptionVersion: keyVersion.default(1),
      protect: flag("protect the key and its mount").default(true),
    }).prefault({}),
    auth: auth(readFile),
    audit: strict({ path: auditPath, mount: mountPath.default("file") }).optional(),
    guide: flag("make the guide's policy and role").optional(),
  }).transform(({ guide, ...settings }) => ({ ...settings, guide: guide ?? isGuideKey(settings.transit) }));

export type VaultSettings = z.output<ReturnType<typeof vaultSection>>;
