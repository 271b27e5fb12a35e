import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, tryRun } from "../../sandbox/processes/run";
import { devConfig } from "../sandbox/support/dev-config";
import { guideScript } from "../sandbox/support/guide-script";
import type { Loop } from "../sandbox/support/loop";
import type { Stack } from "../sandbox/support/stack";
import type { Benchmark } from "./benchmark";
import { probeServers } from "./guide-probes";
import { sampleTable, table } from "./support/report";
import { interleaved } from "./support/timing";

/** The Vault half, with its provider; the reviewer that it builds on is there before, for the script too. */
const VAULT_HALF = "--target=**vault:**";
const REVIEWER = ["--target=**TokenReviewer**", "--target=**providers:kubernetes**"];

/** The guide's commands as a script in a folder of its own. */
class Script {
  private constructor(
    private readonly folder: string,
    private readonly env: Loop["env"],
  ) {}

  static async write(loop: Loop): Promise<Script> {
    const folder = join(loop.layout.root, "guide");
    mkdirSync(folder);
    writeFileSync(join(folder, "guide.sh"), await guideScript(loop), { mode: 0o700 });
    return new Script(folder, loop.env);
  }

  run(): Promise<string> {
    return run("bash", ["guide.sh"], { cwd: this.folder, env: this.env });
  }

  async undo(): Promise<void> {
    for (const words of [
      "secrets disable transit",
      "auth disable kubernetes",
      "policy delete flux-sops-policy",
    ]) {
      await run("vault", words.split(" "), { env: this.env });
    }
  }

  /** What a second run comes to. */
  async again(): Promise<string> {
    const { code, stderr } = await tryRun("bash", ["guide.sh"], { cwd: this.folder, env: this.env });
    const reason = /\* (.+)/.exec(stderr)?.[1] ?? "";
    return code === 0 ? "runs through" : `stops: ${reason}`;
  }

  /** Files that it leaves beside itself. */
  get leftFiles(): string[] {
    return readdirSync(this.folder).filter((file) => file !== "guide.sh");
  }
}

/** Whether `pulumi refresh` tells of a policy that somebody has widened by hand. */
async function seesDrift(loop: Loop, stack: Stack): Promise<boolean> {
  await loop.vault.send("PUT", "sys/policies/acl/flux-sops-policy", {
    policy: 'path "transit/*" { capabilities = ["update"] }',
  });
  const { code } = await stack.pulumi("refresh", "--preview-only", "--expect-no-changes");
  return code !== 0;
}

/** The last run of the script, looked at, and then a whole `pulumi up`, looked at in the same way. */
async function whatEachLeaves(loop: Loop, script: Script, stack: Stack): Promise<string> {
  await script.run();
  const theirs = await probeServers(loop, "flux-sops-role");
  theirs.push(["run again", await script.again()]);
  theirs.push(["a policy edited by hand", "not seen: no state to compare with"]);
  theirs.push([".sops.yaml", script.leftFiles.includes(".sops.yaml") ? "written" : "not written"]);
  theirs.push(["files left beside it", script.leftFiles.join(", ") || "none"]);
  await script.undo();

  await stack.up();
  const ours = await probeServers(loop, "flux-system_kustomize-controller");
  await stack.up("--expect-no-changes");
  ours.push(["run again", "no changes"]);
  const { sopsConfig } = await stack.outputs();
  ours.push(["a policy edited by hand", (await seesDrift(loop, stack)) ? "shown by refresh" : "not seen"]);
  ours.push([
    ".sops.yaml",
    String(sopsConfig ?? "").includes("creation_rules") ? "stack output" : "not written",
  ]);
  ours.push(["files left beside it", "none"]);
  return table(
    ["read from the live servers", "the guide's script", "`pulumi up`"],
    theirs.map(([what, found], index) => [what, found, ours[index]?.[1] ?? ""]),
  );
}

/** What the program costs and gives where a script would do the Vault half. */
export const guide: Benchmark = {
  name: "guide",
  title: "First `pulumi up` of the Vault half against the guide's script",
  async measure(workshop) {
    const loop = await workshop.loop();
    const transit = { protect: false };
    const stack = await loop.stack("bench", devConfig(loop.layout, { vault: { transit } }));
    const script = await Script.write(loop);
    await stack.up(...REVIEWER);
    const [theirs, ours] = await interleaved(
      [
        { name: "the script", run: () => script.run(), settle: () => script.undo() },
        {
          name: "pulumi up",
          run: () => stack.up(VAULT_HALF),
          settle: () => stack.succeed("destroy", "--yes", "--skip-preview", VAULT_HALF),
        },
      ],
      workshop.runs,
    );
    if (!theirs || !ours) throw new Error("two candidates give two samples");
    return {
      blocks: [
        sampleTable({ "the guide's script": theirs, "`pulumi up` of the Vault half": ours }),
        `\`pulumi up\` takes ${(ours.median / theirs.median).toFixed(2)} times as long, and does more:`,
        await whatEachLeaves(loop, script, stack),
      ],
      verdicts: [],
    };
  },
};
