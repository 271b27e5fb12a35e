import { stringify } from "yaml";
import type { Resource } from "../../../../policies/values/subject";
import { file } from "./gitlab";
import { type Made, resource } from "./resources";
import { ADDRESS } from "./vault";

export const KEY_URI = `${ADDRESS}/v1/transit/keys/sops`;

export const CREATION_RULE = {
  path_regex: "\\.sops\\.ya?ml$",
  encrypted_regex: "^(data|stringData)$",
  mac_only_encrypted: true,
  hc_vault_transit_uri: KEY_URI,
};

/** A `.sops.yaml` with these creation rules, each with a change of the usual one. */
export function sopsYaml(...changes: readonly object[]): string {
  return stringify({ creation_rules: changes.map((change) => ({ ...CREATION_RULE, ...change })) });
}

/** The file of the deploy repository. */
export function sopsConfig(content: unknown = sopsYaml({}), made: Made = {}): Resource {
  return file({ filePath: ".sops.yaml", content }, { name: ".sops.yaml", ...made });
}

/** The stack's own output, where no repository is of the stack. */
export function stackOutput(text: unknown = sopsYaml({}), made: Made = {}): Resource {
  return resource("pulumi:pulumi:Stack", { sopsConfig: text }, { name: "stack", ...made });
}
