import { sopsFilesOf } from "../reading/sops-configs";
import { isTransitUri, transitPath } from "../reading/stack-keys";
import { grantsOfRole, JWT_ROLE, KUBERNETES_ROLE, TRANSIT_KEY, transitUse } from "../reading/vault-roles";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";

export const rule = stackRule({
  name: "loop-key-same-everywhere",
  title: "Files are encrypted with the key that the cluster may decrypt with",
  why: "sops takes any key that `.sops.yaml` names: what is encrypted with another one fails in the cluster, after it was merged.",
  remedy: "Let the key, `.sops.yaml` and the decryptor's policy come from one place, as this program does.",
  severity: "high",
  types: [TRANSIT_KEY],
  *check(key, stack) {
    const own = transitPath(key);
    const named = stack
      .once(sopsFilesOf)
      .flatMap(({ rules }) => rules.flatMap(({ keys }) => keys))
      .filter(({ kind }) => kind === "hc_vault")
      .map((each) => each.key);
    if (named.length > 0 && !named.some((each) => isTransitUri(each, own)))
      yield `is the stack's key, but .sops.yaml encrypts with ${named.join(", ")}; make them the same`;
    const decrypted = stack.once(decryptedKeys);
    if (decrypted.length > 0 && !decrypted.includes(own))
      yield `is the stack's key, but its roles decrypt with ${decrypted.join(", ")}; make them the same`;
  },
});

/** What the stack's roles decrypt with, as `<mount>/keys/<name>`. */
function decryptedKeys(stack: Stack): string[] {
  const keys = stack
    .ofType(KUBERNETES_ROLE, JWT_ROLE)
    .flatMap((role) => grantsOfRole(role, stack))
    .filter(({ decrypts }) => decrypts)
    .map((grant) => ({ grant, use: transitUse(grant) }))
    .flatMap(({ grant, use }) =>
      use ? [grant.path.replace(`/decrypt/${use.key}`, `/keys/${use.key}`)] : [],
    );
  return [...new Set(keys)];
}
