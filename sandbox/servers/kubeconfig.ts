import { writeFileSync } from "node:fs";
import { stringify } from "yaml";

export interface KubeconfigArgs {
  /** URL of the API server. */
  readonly server: string;
  /** File with its CA's certificate. */
  readonly ca: string;
  /** Files that prove who one is. */
  readonly user:
    | { readonly "client-certificate": string; readonly "client-key": string }
    | { readonly tokenFile: string };
}

/** Writes a kubeconfig with one context, readable by its owner only. */
export function writeKubeconfig(file: string, { server, ca, user }: KubeconfigArgs): void {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "sandbox", cluster: { server, "certificate-authority": ca } }],
    users: [{ name: "sandbox", user }],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
    "current-context": "sandbox",
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
}
