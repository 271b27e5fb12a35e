import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { VaultApi } from "../../../sandbox/servers/vault-api";

const DOCS = join(__dirname, "..", "..", "..", "docs");

/** Text of a Vault policy of docs/, without the blocks that begin so: what a stack does not have, its deployer leaves out. */
export function documentedPolicy(file: string, ...without: string[]): string {
  const blocks = readFileSync(join(DOCS, file), "utf8").split("\n\n");
  for (const beginning of without) {
    const place = blocks.findIndex((block) => block.startsWith(beginning));
    if (place === -1) throw new Error(`docs/${file} has no block that begins with ${beginning}`);
    blocks.splice(place, 1);
  }
  return blocks.join("\n\n");
}

/** A token that may do what the policy says, and nothing of what `default` allows. */
export async function tokenOf(vault: VaultApi, name: string, policy: string): Promise<string> {
  await vault.send("PUT", `sys/policies/acl/${name}`, { policy });
  const wish = { policies: [name], no_default_policy: true, ttl: "1h" };
  const made = await vault.send<{ auth: { client_token: string } }>("POST", "auth/token/create", wish);
  return made?.auth.client_token ?? "";
}
