import { Endpoint } from "@pulumi/vault/generic/endpoint";
import { Mount } from "@pulumi/vault/mount";
import { SecretBackendKey } from "@pulumi/vault/transit/secretBackendKey";

/** Breaks no rule but, where that is set to less, the limit of 90 days. */
const mount = new Mount(
  "mount",
  { path: "transit", type: "transit", description: "of a test" },
  { protect: true },
);
new Endpoint("settings", { path: "transit/config/keys", dataJson: '{"disable_upsert":true}' });
new SecretBackendKey("key", { backend: mount.path, name: "sops", autoRotatePeriod: 90 * 24 * 3600 });
