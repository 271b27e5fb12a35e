import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { run } from "../processes/run";
import { fluxManifests } from "../toolchain/flux-manifests";
import type { ToolPaths } from "../toolchain/tool-builder";
import { plainEnvironment, toolIn } from "./environment";
import { KubeApi } from "./kube-api";
import type { Layout } from "./layout";

const NAMESPACE = "/api/v1/namespaces/flux-system";
const INSTALLED = "sopsloop.invalid/installed-manifests";
/** There from the moment the manifests are applied until `confirmFlux`, whatever is killed in between. */
const UNCONFIRMED = "sopsloop.invalid/unconfirmed";

/**
 * Applies Flux's stock manifests as `flux install` does: server-side, with its field manager. Does nothing where the same
 * manifests are applied already, because applying them takes the controller's arguments back from whoever patched them.
 * True when something was applied, now or earlier, that was never confirmed.
 */
export async function installFlux(layout: Layout, tools: ToolPaths): Promise<boolean> {
  const kubectl = toolIn(tools, "kubectl");
  const file = await fluxManifests(kubectl);
  const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  const api = KubeApi.admin(layout);
  try {
    const annotations = (await api.find(NAMESPACE))?.metadata.annotations ?? {};
    if (annotations[INSTALLED] === hash) return annotations[UNCONFIRMED] !== undefined;
    const args = ["apply", "--server-side", "--field-manager=flux", "--force-conflicts", "--filename", file];
    await run(kubectl, [`--kubeconfig=${layout.kubernetes.kubeconfig}`, ...args], {
      env: { ...plainEnvironment(), HOME: layout.root },
    });
    await api.merge(NAMESPACE, { metadata: { annotations: { [INSTALLED]: hash, [UNCONFIRMED]: "true" } } });
    return true;
  } finally {
    api.close();
  }
}

/** Whoever patches the manifests has seen them as they were applied last. */
export async function confirmFlux(layout: Layout): Promise<void> {
  const api = KubeApi.admin(layout);
  try {
    await api.merge(NAMESPACE, { metadata: { annotations: { [UNCONFIRMED]: null } } });
  } finally {
    api.close();
  }
}
