import { expect, test } from "vitest";
import { decryptingKustomizations } from "../../../../cli/kubernetes/flux-objects";
import type { Kubectl } from "../../../../cli/kubernetes/kubectl";

const REVISION = `main@sha1:${"a".repeat(40)}`;
const AT_WORK = { type: "Ready", status: "Unknown", message: "Reconciliation in progress" };
const DONE = { type: "Ready", status: "True", message: `Applied revision: ${REVISION}` };
const FAILED = { type: "Ready", status: "False", message: "cannot decrypt:\n  no such role" };
const PATIENCE = { forMs: 10_000, pauseMs: 1 };

type Condition = typeof AT_WORK;

function kustomization(condition?: Condition, spec: object = {}): object {
  return {
    metadata: { namespace: "flux-system", name: "apps" },
    spec: { decryption: { provider: "sops", serviceAccountName: "decryptor" }, ...spec },
    status: condition ? { lastAppliedRevision: REVISION, conditions: [condition] } : {},
  };
}

/** A cluster that answers with these in turn, and with the last for good. */
function cluster(
  ...answers: readonly (readonly object[])[]
): Pick<Kubectl, "get"> & { readonly asked: number } {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    get: async <T>() => ({ items: answers[Math.min(asked++, answers.length - 1)] }) as T,
  };
}

test("one at work is waited for, and then told as it is", async () => {
  const kubectl = cluster([kustomization(AT_WORK)], [kustomization(AT_WORK)], [kustomization(DONE)]);
  expect(await decryptingKustomizations(kubectl, PATIENCE)).toEqual([
    {
      name: "flux-system/apps",
      suspended: false,
      ready: true,
      message: DONE.message,
      revision: REVISION,
      serviceAccount: "decryptor",
    },
  ]);
  expect(kubectl.asked).toBe(3);
});

test("one that fails after its work is not ready, with its reason on one line", async () => {
  const kubectl = cluster([kustomization(AT_WORK)], [kustomization(FAILED)]);
  const [found] = await decryptingKustomizations(kubectl, PATIENCE);
  expect(found).toMatchObject({ ready: false, message: "cannot decrypt: no such role" });
});

test("one that works longer than the patience is not ready", async () => {
  const kubectl = cluster([kustomization(AT_WORK)]);
  const [found] = await decryptingKustomizations(kubectl, { forMs: 200, pauseMs: 1 });
  expect(found).toMatchObject({ ready: false, message: AT_WORK.message });
  expect(kubectl.asked).toBeGreaterThan(1);
});

test.each<[string, object]>([
  ["suspended", kustomization(AT_WORK, { suspend: true })],
  ["without a word of its own yet", kustomization()],
  ["that does not decrypt", kustomization(AT_WORK, { decryption: {} })],
])("one %s is not waited for", async (_name, object) => {
  const kubectl = cluster([object]);
  await decryptingKustomizations(kubectl, PATIENCE);
  expect(kubectl.asked).toBe(1);
});

test("a cluster without Flux has none", async () => {
  expect(await decryptingKustomizations({ get: async () => undefined }, PATIENCE)).toEqual([]);
});
