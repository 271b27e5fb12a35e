import { existsSync } from "node:fs";
import { personEnvironment, shellLines } from "../person-environment";
import { SandboxError } from "../processes/sandbox-error";
import { Layout } from "../servers/layout";

/** Prints lines for `eval`. */
export function env(checkout: string): void {
  const layout = Layout.dev(checkout);
  if (!existsSync(layout.vault.rootToken))
    throw new SandboxError("there is no sandbox here yet; run `make up`");
  for (const line of shellLines(personEnvironment(layout))) console.log(line);
}
