import { isSecretName } from "../../preview-comment/secrets/kept-secret";
import { isObject, ownProperty, SIGNATURE } from "../../preview-comment/secrets/pulumi-values";

const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** Names whose whole content is secret, in the outputs of this program and wherever else. */
const SECRET_GROUPS = new Set(["triggertokens", "secrets", "stringdata"]);

/**
 * Every secret that stands in an export or in outputs in clear, as with `--show-secrets`: marked by Pulumi, or under a name that
 * means one. None of them may come into a report, whatever part of the state repeats it.
 */
export function knownSecrets(value: unknown): readonly string[] {
  const found = new Set<string>();
  collect(value, false, found);
  return [...found];
}

function collect(value: unknown, isSecret: boolean, found: Set<string>): void {
  if (typeof value === "string") {
    if (isSecret) for (const each of formsOf(value)) found.add(each);
  } else if (Array.isArray(value)) for (const each of value) collect(each, isSecret, found);
  else if (isObject(value) && value[SIGNATURE] === SECRET_SIGNATURE) collectMarked(value, found);
  else if (isObject(value))
    for (const [name, each] of Object.entries(value))
      collect(each, isSecret || isSecretName(name) || SECRET_GROUPS.has(name.toLowerCase()), found);
}

/** In a state that is shown with its secrets, `plaintext` is JSON. */
function collectMarked(value: Readonly<Record<string, unknown>>, found: Set<string>): void {
  const [plaintext, inner] = [ownProperty(value, "plaintext"), ownProperty(value, "value")];
  if (inner !== undefined) collect(inner, true, found);
  if (typeof plaintext !== "string") return;
  found.add(plaintext);
  const read = jsonOf(plaintext);
  collect(read, true, found);
}

/** A text, what it holds if it is JSON, and what it stands for in base64, as Kubernetes has its Secrets. */
function formsOf(text: string): string[] {
  const inner = new Set<string>();
  if (/^\s*[[{]/.test(text)) collect(jsonOf(text), true, inner);
  const isBase64 = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(text) && text.length % 4 === 0;
  const decoded = isBase64 ? Buffer.from(text, "base64").toString("utf8") : "\ufffd";
  return [
    text,
    Buffer.from(text).toString("base64"),
    ...inner,
    ...(decoded.includes("\ufffd") ? [] : [decoded]),
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
