import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GitLab, type GitLabOptions } from "./gitlab";
import { ROLE } from "./model";
import { ensureRsync } from "./pipelines/rsync";

/** A project to be there from the start. */
export interface SeedProject {
  /** `group/name`. */
  readonly path: string;
  readonly id: number;
  /** A bare repository that is there already. @default a new, empty one */
  readonly repository?: string;
}

export interface StartOptions extends GitLabOptions {
  readonly projects: readonly SeedProject[];
}

/** A GitLab that runs, and files (0600) with tokens for it. */
export interface StartedGitLab {
  readonly gitlab: GitLab;
  /** Of `root`, an administrator. */
  readonly adminToken: string;
  /** Of `sopsloop-bot`, a Maintainer of every project, and no more: what Pulumi works with. */
  readonly botToken: string;
}

const ADMIN_ID = 1;
const BOT = "sopsloop-bot";

/** Starts the emulator, with its users and projects where they are not there so far. */
export async function startGitLab(options: StartOptions): Promise<StartedGitLab> {
  await ensureRsync(options.path);
  const gitlab = await GitLab.start(options);
  const { directory, store } = gitlab.core;
  const tokenFile = (username: string) => join(options.folder, `${username}-token`);
  if (!existsSync(tokenFile("root"))) {
    const root = directory.addUser("root", { id: ADMIN_ID, admin: true, name: "Administrator" });
    const bot = directory.addUser(BOT, { bot: true, name: "sopsloop" });
    for (const { path, ...about } of options.projects) {
      const [groupPath = "", name = ""] = path.split("/");
      const group =
        store.tables.groups.find((one) => one.path === groupPath) ?? directory.addGroup(groupPath);
      directory.setMember(await directory.addProject({ group, path: name, ...about }), bot, ROLE.maintainer);
    }
    for (const user of [bot, root]) {
      const scopes = ["api", "read_repository", "write_repository"];
      // The administrator's file comes last: it says that all the rest is there.
      store.save();
      writeFileSync(tokenFile(user.username), directory.addToken(user, "sandbox", scopes).token, {
        mode: 0o600,
      });
      store.save();
    }
  }
  return { gitlab, adminToken: tokenFile("root"), botToken: tokenFile(BOT) };
}
