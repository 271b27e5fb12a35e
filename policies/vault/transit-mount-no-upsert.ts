import { MOUNT } from "../reading/vault-roles";
import { stackRule } from "../rule";
import type { Subject } from "../values/subject";

const ENDPOINT = "vault:generic/endpoint:Endpoint";

export const rule = stackRule({
  name: "vault-transit-mount-no-upsert",
  title: "Encrypting under a mistyped key fails, and does not make that key",
  why: "By default Vault makes a key of any name it is asked to encrypt with. The file looks encrypted, under a key that nobody rotates, protects or has a policy for.",
  remedy: 'Write `{"disable_upsert": true}` to `<mount>/config/keys` with a `vault.generic.Endpoint`.',
  severity: "high",
  types: [MOUNT],
  *check(mount, stack) {
    if (mount.text("type") !== "transit") return;
    const path = `${mount.text("path")}/config/keys`;
    const settings = stack.ofType(ENDPOINT).filter((endpoint) => endpoint.text("path") === path);
    if (!settings.some(disablesUpsert))
      yield `makes a key of any name it is asked to encrypt with; write {"disable_upsert": true} to ${path}`;
  },
});

function disablesUpsert(endpoint: Subject): boolean {
  const text = endpoint.text("dataJson") ?? "";
  try {
    const data = JSON.parse(text) as { disable_upsert?: unknown } | null;
    return data?.disable_upsert === true;
  } catch {
    throw endpoint.at("dataJson").trouble("form");
  }
}
