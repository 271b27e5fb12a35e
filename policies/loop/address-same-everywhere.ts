import { sopsFilesOf } from "../reading/sops-configs";
import { addressOfUri, allowedAddresses, instancesOf } from "../reading/vault-addresses";
import {
  accountsOf,
  audiencesOf,
  grantsOfRole,
  isGuideRole,
  JWT_ROLE,
  KUBERNETES_ROLE,
} from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-address-same-everywhere",
  title: "Vault has one address, letter by letter",
  why: "Flux looks the address of each file up as text, asks for a token for exactly it, and Vault compares that with the role's audience: https://vault and https://vault:443 never meet.",
  remedy: "Derive `.sops.yaml`, Flux's ConfigMap, its allow-list and the role's audience from one address.",
  severity: "high",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role, stack) {
    if (isGuideRole(role) || accountsOf(role) === undefined) return;
    const audiences = audiencesOf(role);
    if (audiences.length === 0 || !grantsOfRole(role, stack).some(({ decrypts }) => decrypts)) return;
    const named = stack
      .once(sopsFilesOf)
      .flatMap(({ rules }) => rules.flatMap(({ keys }) => keys))
      .filter(({ kind }) => kind === "hc_vault")
      .map(({ key }) => addressOfUri(key));
    const foreign = named.filter((address) => !audiences.includes(address));
    if (foreign.length > 0)
      yield `is for tokens made for ${audiences.join(", ")}, but .sops.yaml names ${[...new Set(foreign)].join(", ")}; write the same address everywhere`;
    const told = stack.once(instancesOf).map(({ address }) => address);
    // Flux may serve another stack's Vault besides.
    for (const [what, addresses] of [
      ["Flux is told of", told],
      ["Flux may send tokens to", stack.once(allowedAddresses)],
    ] as const)
      if (addresses.length > 0 && !addresses.some((address) => audiences.includes(address)))
        yield `is for tokens made for ${audiences.join(", ")}, but ${what} ${[...new Set(addresses)].join(", ")}; write the same address everywhere`;
  },
});
