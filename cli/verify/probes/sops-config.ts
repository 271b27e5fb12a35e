import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Git, reasonOf } from "../../git/git";
import type { Io } from "../../io";
import { configChange, toldChange } from "../../rules/config-change";
import { unattended } from "../end-to-end/unattended";
import { Fault, type Probe, Skip } from "../probe";

const NEXT = "pulumi stack output sopsConfig > .sops.yaml   # in the deploy repository";

/** What people really encrypt with: a file for another spelling of the address is one that Flux cannot open. */
export function sopsConfig(io: Io): Probe {
  return {
    id: "sops-config",
    title: "The deploy repository's .sops.yaml is the declared one",
    needs: [],
    run: async ({ declared }) => {
      const [target] = declared.audit.decryption;
      if (!target) throw new Skip("the program declares no Kustomization that decrypts");
      const text = await committed(target.source, target.branch, io);
      if (text === undefined) throw new Fault(`${target.source} has no .sops.yaml in ${target.branch}`, NEXT);
      const keys = keysIn(text);
      const wanted = [declared.vaultTransitUri, ...(declared.audit.azure?.keys ?? []).map(({ url }) => url)];
      const missing = wanted.find((one) => !keys.includes(one));
      if (missing !== undefined)
        throw new Fault(
          `it names ${keys.join(", ") || "no key"}, not ${missing}, character for character`,
          NEXT,
        );
      const change = configChange(declared.sopsConfig, text);
      if (change !== undefined)
        throw new Fault(`it is not what the stack declares: ${toldChange(change)}`, NEXT);
      return wanted.join(", ");
    },
  };
}

/** `.sops.yaml` at the tip of a branch, by as little of the repository as git can fetch. */
async function committed(source: string, branch: string, io: Io): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-verify-"));
  try {
    const git = new Git(folder, unattended(io.env));
    const words = ["clone", "--quiet", "--bare", "--depth=1", "--filter=blob:none", `--branch=${branch}`];
    const cloned = await git.try([...words, "--", source, "."]);
    if (cloned.code !== 0) throw new Skip(`${source} cannot be read from here: ${reasonOf(cloned)}`);
    const shown = await git.try(["show", "HEAD:.sops.yaml"]);
    return shown.code === 0 ? shown.stdout.toString("utf8") : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keys of Vault and of Azure that a `.sops.yaml` names, outside of comments. */
export function keysIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, ""));
  return [
    ...new Set(lines.flatMap((line) => line.match(/https?:\/\/[^\s"',[\]{}]+\/keys\/[^\s"',[\]{}]+/g) ?? [])),
  ];
}
