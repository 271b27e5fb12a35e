import { sopsFileOf } from "../../../policies/reading/sops-configs";
import { Subject } from "../../../policies/values/subject";
import type { PlainObject } from "../../preview-comment/secrets/pulumi-values";
import type { WantedKey } from "../../rules/wanted-key";
import type { Key } from "../report-schema";
import type { KeyFact } from "./facts";
import { shortened } from "./identities";

type Backend = Key["backend"];
const BACKENDS: Readonly<Record<WantedKey["kind"], Backend>> = {
  ...{ hc_vault: "vault", azure_kv: "azure", kms: "aws", gcp_kms: "gcp" },
  ...{ age: "age", pgp: "pgp", hckms: "huawei" },
};

/** Every recipient that the stack's `.sops.yaml` names and that is not known otherwise, such as the age key in a safe. */
export function recipientKeys({ sopsConfig }: PlainObject, known: ReadonlySet<string>): readonly KeyFact[] {
  const urn = "urn:pulumi:stack::project::pulumi:pulumi:Stack::stack";
  const stack = new Subject({ urn, type: "pulumi:pulumi:Stack", name: "stack", inputs: {} }, { sopsConfig });
  if (typeof sopsConfig !== "string") return [];
  const wanted = new Map<string, WantedKey>();
  for (const { keys } of sopsFileOf(stack)?.rules ?? []) for (const key of keys) wanted.set(key.key, key);
  return [...wanted.values()]
    .filter(({ key }) => !known.has(key))
    .map(({ kind, key }) => ({ key: keyOf(kind, key) }));
}

function keyOf(kind: WantedKey["kind"], id: string): Key {
  const name = kind === "age" || kind === "pgp" ? shortened(id) : id.replace(/^https?:\/\//, "");
  return { id, backend: BACKENDS[kind], name, ...(kind === "age" && { type: "X25519" }), versions: [] };
}
