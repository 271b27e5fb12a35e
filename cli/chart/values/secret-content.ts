import { isUtf8 } from "node:buffer";
import { type DeclaredSecret, titleOf } from "../mapping/declared-secret";
import { secretType } from "../mapping/secret-types";
import { readValue } from "./read-value";
import type { Variables } from "./variables";

/** A Kubernetes Secret as it will be applied. */
export interface SecretManifest {
  readonly apiVersion: "v1";
  readonly kind: "Secret";
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type: string;
  /** As base64, whatever they hold: any byte passes through, and Flux's substitution finds no `${` in them. */
  readonly data: Readonly<Record<string, string>>;
}

/** A declared Secret with its values. */
export interface SecretContent {
  readonly declared: DeclaredSecret;
  readonly manifest: SecretManifest;
}

export interface Contents {
  readonly secrets: readonly SecretContent[];
  /** One line each; never a value. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** What the API server takes at most, all values together. */
const LARGEST = 1024 * 1024;

/** Puts values to what is declared. @param cwd what names of files in variables are relative to. */
export function contentsOf(declared: readonly DeclaredSecret[], variables: Variables, cwd: string): Contents {
  const problems: string[] = [];
  const notes: string[] = [];
  const secrets = declared.flatMap((secret) => {
    const data = new Map<string, Buffer>();
    for (const key of secret.keys) {
      const value = readValue(key, variables, cwd);
      const flaw = value && ("problem" in value ? value.problem : flawFor(secret, key.key, value.bytes));
      if (flaw !== undefined)
        problems.push(`${secret.where()}: Secret ${titleOf(secret)}, key ${key.key}: ${flaw}`);
      else if (value && "bytes" in value) data.set(key.key, value.bytes);
    }
    const size = [...data.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    if (size > LARGEST)
      problems.push(
        `${secret.where()}: Secret ${titleOf(secret)} holds ${size} bytes, and Kubernetes takes ${LARGEST} at most; split it`,
      );
    if (data.size > 0) return [{ declared: secret, manifest: manifestOf(secret, data) }];
    notes.push(`Secret ${titleOf(secret)} is left out: none of its variables is set, and all are optional`);
    return [];
  });
  return { secrets, problems, notes };
}

function flawFor({ type }: DeclaredSecret, key: string, bytes: Buffer): string | undefined {
  if (!secretType(type).json.includes(key)) return undefined;
  try {
    if (isUtf8(bytes) && typeof JSON.parse(bytes.toString("utf8")) === "object") return undefined;
  } catch {
    // Told below, without what the parser quotes of the value.
  }
  return `its value is no JSON object, which type ${type} needs`;
}

function manifestOf(secret: DeclaredSecret, data: ReadonlyMap<string, Buffer>): SecretManifest {
  const { name, namespace, labels, annotations, type } = secret;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(Object.keys(labels).length > 0 && { labels: sorted(Object.entries(labels)) }),
      ...(Object.keys(annotations).length > 0 && { annotations: sorted(Object.entries(annotations)) }),
    },
    type,
    data: sorted([...data].map(([key, bytes]): [string, string] => [key, bytes.toString("base64")])),
  };
}

/** An order that does not depend on how the mapping is written. */
function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
