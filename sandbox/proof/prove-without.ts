import { randomBytes } from "node:crypto";
import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { untilDelivered } from "./delivered";
import { DeployClone } from "./deploy-clone";
import type { KeyServer } from "./key-server";
import { secretManifest } from "./proof-secret";

export interface WithoutOptions {
  readonly layout: Layout;
  /** Environment with the tools on PATH, and with what sops needs to encrypt by both keys. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of `.sops.yaml`: the program's output `sopsConfig`. */
  readonly sopsConfig: string;
  readonly down: KeyServer;
  /** Name of the other one, whose key is left. */
  readonly up: string;
}

const FILE = "apps/either.sops.yaml";
const SECRET = { namespace: "default", name: "either" };

/**
 * While a key server is down, Flux still decrypts a secret that it has not seen before, by the key of another one. The server runs again
 * afterwards, also when the proof fails. Throws a SandboxError that says where it got stuck.
 */
export async function proveWithout(options: WithoutOptions): Promise<string> {
  const { layout, down, up } = options;
  const password = randomBytes(24).toString("base64url");
  const api = KubeApi.admin(layout);
  try {
    const commit = await pushForBoth(options, password);
    await down.stop();
    const begun = Date.now();
    await untilDelivered(api, {
      ...{ repository: layout.git.url, commit, secret: SECRET, password },
      when: `, with ${down.name} down`,
    });
    return `${down.name} down: Flux decrypted a new secret by the key in ${up}, ${seconds(Date.now() - begun)} after it was asked to look`;
  } finally {
    api.close();
    await down.start();
  }
}

async function pushForBoth({ layout, env, sopsConfig }: WithoutOptions, password: string): Promise<string> {
  const clone = await DeployClone.of(layout.git.url, env);
  try {
    clone.write(".sops.yaml", sopsConfig);
    clone.write(FILE, secretManifest(SECRET, password));
    await clone.encrypt(FILE);
    const text = clone.read(FILE);
    for (const kind of ["hc_vault", "azure_kv"])
      if (!text.includes(`${kind}:`))
        throw new SandboxError(`${FILE} has no data key under ${kind}; look at .sops.yaml`);
    return await clone.push("A secret with two keys");
  } finally {
    clone.close();
  }
}
