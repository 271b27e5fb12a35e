import { join } from "node:path";
import type { PodImage } from "./pod-image";

const COMMAND = join(__dirname, "..", "..", "..", "cli", "launcher", "sopsloop.cjs");

/** The image of `sopsloop`, as the Deployment of the relay runs it. */
export const RELAY: PodImage = {
  name: "sopsloop-relay",
  imageName: "sopsloop",
  // Without it the image would start a shell, as it does for jobs.
  program: "sopsloop",
  command: () => [process.execPath, COMMAND],
  arguments: (wished, { relay }) => listeningAt(wished, `127.0.0.1:${relay}`),
  health: ({ relay }) => `http://127.0.0.1:${relay}/healthz`,
  // No NODE_OPTIONS: they load programs.
  variables:
    /^(GITLAB_(URL|PROJECT|REF|(TRIGGER|READ)_TOKEN(_NEXT)?(_FILE)?)|RELAY_[A-Z_]+|NODE_EXTRA_CA_CERTS)$/,
  azure: false,
};

/** A container has all interfaces to itself; a process of the host takes one address. */
function listeningAt(args: readonly string[], address: string): string[] {
  const flag = args.indexOf("--listen");
  const others = args.filter((_, index) => flag < 0 || (index !== flag && index !== flag + 1));
  return [...others, "--listen", address];
}
