import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./servers/layout";

const PACK = join(__dirname, "..", "policies");

/** A runtime of this name has no language host, so that the engine starts packs of it by an analyzer plugin, as it once did for all. */
const RUNTIME = "sopsloop";

/**
 * Makes the policy pack known to the sandbox's engine and returns the folder to name in `--policy-pack`. The language host that can be
 * built from a Go module is from before hosts ran packs: with it, the engine refuses `policies/` itself, whose runtime is `nodejs` as
 * every Pulumi that people install wants it. What runs is the same.
 */
export function installPolicyPack({ root, pulumi }: Pick<Layout, "root" | "pulumi">): string {
  const folder = join(root, "policies");
  const manifest = readFileSync(join(PACK, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const plugin = join(pulumi.home, "plugins", `analyzer-policy-${RUNTIME}-v${version}`);
  const executable = join(plugin, `pulumi-analyzer-policy-${RUNTIME}`);
  for (const each of [folder, plugin]) mkdirSync(each, { recursive: true });
  writeFileSync(join(folder, "PulumiPolicy.yaml"), `runtime: ${RUNTIME}\n`);
  // The SDK reads the pack's version from the folder that the engine starts it in.
  writeFileSync(join(folder, "package.json"), manifest);
  writeFileSync(executable, launcher());
  chmodSync(executable, 0o755);
  return folder;
}

function launcher(): string {
  return `#!/usr/bin/env node\nrequire(${JSON.stringify(join(PACK, "main.cjs"))});\n`;
}
