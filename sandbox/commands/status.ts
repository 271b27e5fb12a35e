import { existsSync } from "node:fs";
import { FluxState } from "../proof/flux-state";
import { KubeApi } from "../servers/kube-api";
import { Layout } from "../servers/layout";
import { Sandbox } from "../servers/sandbox";
import { VaultApi } from "../servers/vault-api";

/** Width of the first column: the longest name is that of notification-controller. */
const COLUMN = 23;

/** Prints what runs and what Flux says. Resolves with whether all of it is well. */
export async function status(checkout: string): Promise<boolean> {
  const layout = Layout.dev(checkout);
  if (!existsSync(layout.root)) {
    console.log("there is no sandbox here yet; run `make up`");
    return false;
  }
  const { processes } = new Sandbox(layout, new Map());
  for (const [name, pid] of processes)
    console.log(`${name.padEnd(COLUMN)} ${pid === undefined ? "stopped" : `runs as ${pid}`}`);
  const running = [...processes.values()].every((pid) => pid !== undefined);
  if (!running) {
    console.log("start what is stopped with `make up`; logs are in .sandbox/logs");
    return false;
  }
  const vault = VaultApi.anonymous(layout);
  const api = KubeApi.admin(layout);
  try {
    const health = await vault.health();
    console.log(
      `${"Vault".padEnd(COLUMN)} ${health === 200 ? "unsealed" : `not usable (health ${health})`} at ${layout.vault.address}`,
    );
    console.log(`${"Flux".padEnd(COLUMN)} ${await new FluxState(api, layout.git.url).explain()}`);
    return health === 200;
  } finally {
    vault.close();
    api.close();
  }
}
