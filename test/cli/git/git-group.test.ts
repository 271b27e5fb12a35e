import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Git } from "../../../cli/git/git";
import { GitGroup } from "../../../cli/git/git-group";
import { until } from "../../../sandbox/processes/until";
import { temporaryFolders } from "../../servers/temporary-folder";

const temporary = temporaryFolders();
/** A git that starts something which would go on for a minute, and notes its number. */
const SLOW = ["-c", "alias.slow=!echo $$ > pid; sleep 60 & wait", "slow"];

const isGone = (pid: number): true | undefined => {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch {
    return true;
  }
};

test("gits of a group end with all that they have started, and nobody hears of them any more", async () => {
  const folder = temporary();
  const group = new GitGroup();
  const git = new Git(folder, process.env, group);
  let heard = false;
  void git.try(SLOW).then(() => {
    heard = true;
  });
  const file = join(folder, "pid");
  await until(async () => (existsSync(file) && readFileSync(file, "utf8").trim() !== "" ? true : undefined), {
    what: "git to begin",
    timeoutMs: 20_000,
  });
  await group.end();
  const pid = Number(readFileSync(file, "utf8"));
  await until(async () => isGone(pid), { what: "what git has started to end", timeoutMs: 10_000 });
  // No other is started either.
  void git.try(["init", "--quiet"]).then(() => {
    heard = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toBe(false);
  expect(existsSync(join(folder, ".git"))).toBe(false);
});

test("a git that cannot be started is waited for by nobody", async () => {
  const group = new GitGroup();
  await expect(new Git(join(temporary(), "none"), process.env, group).try(["version"])).rejects.toThrow(
    "git cannot be started",
  );
  await group.end();
});
