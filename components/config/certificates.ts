import { createPublicKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { expected, namespaceName, objectName, parsed, strict } from "./fields";
import { ConfigProblem, describe } from "./problems";

/** Reads a file named in the config, relative to the project folder. Throws when it cannot. */
export type ReadFile = (path: string) => string;

/** Where a CA certificate comes from once the config is read: text at hand, or a ConfigMap still to be read. */
export type CaSource =
  | { readonly pem: string; readonly file?: string }
  | { readonly configMap: { readonly namespace: string; readonly name: string; readonly key: string } };

const BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;

/** The certificates in a PEM text, trimmed. Refuses private keys and anything that does not parse. */
function parseCertificates(pem: string): string {
  const blocks = [...pem.matchAll(BLOCK)];
  if (blocks.some(([, label]) => label?.includes("PRIVATE KEY"))) {
    throw new ConfigProblem("holds a private key; give only the CA's certificate");
  }
  const certificates = blocks.filter(([, label]) => label === "CERTIFICATE");
  if (certificates.length === 0) {
    throw new ConfigProblem(
      "holds no certificate; give PEM text that starts with -----BEGIN CERTIFICATE-----",
    );
  }
  for (const [block] of certificates) {
    try {
      new X509Certificate(block);
    } catch {
      throw new ConfigProblem("holds a certificate that cannot be read; export it again as PEM");
    }
  }
  return `${certificates.map(([block]) => block).join("\n")}\n`;
}

function fromFile(path: string, readFile: ReadFile): CaSource {
  let text: string;
  try {
    text = readFile(path);
  } catch {
    throw new ConfigProblem(
      `is ${describe(path)}, which cannot be read; give a path relative to the project folder that exists`,
    );
  }
  return { pem: parseCertificates(text), file: path };
}

const CHOICES = ["pem", "file", "configMap"] as const;

/** Exactly one of `pem`, `file` (relative to the project folder) and `configMap`. */
export function caSource(readFile: ReadFile) {
  return strict({
    pem: parsed("PEM text", (value): CaSource => ({ pem: parseCertificates(value) })).optional(),
    file: parsed("a path", (value) => fromFile(value, readFile)).optional(),
    configMap: strict({
      namespace: namespaceName,
      name: objectName,
      key: z.string({ error: expected("the key in the ConfigMap, such as ca.crt") }).min(1),
    }).optional(),
  }).transform((value, context): CaSource => {
    const given = CHOICES.filter((choice) => value[choice] !== undefined);
    const source = value.pem ?? value.file ?? (value.configMap && { configMap: value.configMap });
    if (given.length !== 1 || !source) {
      const what = given.length === 0 ? "is empty" : `has ${given.join(" and ")}`;
      context.issues.push({
        code: "custom",
        message: `${what}; give one of pem, file, configMap`,
        input: value,
      });
      return z.NEVER;
    }
    return source;
  });
}

const PUBLIC_KEY = /^-----BEGIN ((?:RSA )?PUBLIC KEY)-----[^-]+-----END \1-----$/;

/**
 * A public key that signs service account tokens, without the blanks around it: Vault drops them, and what it gives back
 * would differ from the config for ever.
 */
export const publicKey = parsed("a PEM public key", (value) => {
  const pem = value.trim();
  if (pem.includes("PRIVATE KEY")) throw new ConfigProblem("holds a private key; give only the public key");
  const keys = pem.split("-----BEGIN ").length - 1;
  // Vault reads the first of several and says nothing.
  if (keys > 1) throw new ConfigProblem(`holds ${keys} PEM blocks; make each key an entry of its own`);
  if (!PUBLIC_KEY.test(pem)) {
    throw new ConfigProblem(
      "holds no public key; give PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----",
    );
  }
  try {
    createPublicKey(pem);
  } catch {
    throw new ConfigProblem("holds a public key that cannot be read; export it again as PEM");
  }
  return pem;
});
