import { audit } from "./audit";
import type { TestPreview, TestStep } from "./engine";

const KEYS = 100;

/** A transit key that goes. */
export const key = (at: number): TestStep => ({
  ...{ op: "delete", type: "vault:transit/secretBackendKey:SecretBackendKey", name: `key-${at}` },
  old: { backend: "transit", name: `key-${at}` },
});

const other = (at: number): TestStep => ({
  ...{ op: ["create", "update", "replace", "delete", "update"][at % 5] ?? "create" },
  ...{ type: "kubernetes:core/v1:ConfigMap", name: `map-${at}` },
  ...(at % 5 !== 0 && { old: { data: { value: "a\n".repeat(at % 50), n: at } } }),
  ...(at % 5 !== 3 && { new: { data: { value: "b\n".repeat(at % 50), n: at + 1 } } }),
});

/** A preview that touches so many resources; a hundred of them are keys that go. */
export function largePreview(resources: number): TestPreview {
  const steps = [
    ...Array.from({ length: resources - KEYS }, (_, at) => other(at)),
    ...Array.from({ length: KEYS }, (_, at) => key(at)),
  ];
  return { before: { audit: audit() }, after: { audit: audit() }, steps };
}
