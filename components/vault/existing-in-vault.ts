import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config";
import { Existing } from "./existing";
import { GUIDE_ROLE } from "./kubernetes-login";
import { GUIDE_POLICY } from "./sops-policies";

/** What stands in Vault of all that the program is about to declare there. */
export function existingInVault(
  { adopt, vault, gitlab }: Config,
  provider: pulumi.ProviderResource,
): Promise<Existing> {
  const { transit, auth, audit } = vault;
  return Existing.find(provider, {
    adopt,
    mark: `Made by sopsloop, stack ${pulumi.getProject()}/${pulumi.getStack()}`,
    paths: {
      mount: [transit.mount],
      auth: [auth.mount, ...(gitlab ? [gitlab.authMount] : [])],
      ...(audit && { audit: [audit.mount] }),
    },
    objects: [
      `${transit.mount}/keys/${transit.key}`,
      `sys/policies/acl/${GUIDE_POLICY}`,
      `auth/${auth.mount}/config`,
      `auth/${auth.mount}/role/${GUIDE_ROLE}`,
    ],
  });
}
