import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Access } from "../access/access";
import type { Project, ProtectedBranch, User } from "../model";

/**
 * Git runs it before a push is taken, with a line `<before> <after> <ref>` for each ref. Patterns come one a line as
 * `<what> <pattern>`: `closed` may not be pushed to, `forward` neither rewritten nor deleted.
 */
const SCRIPT = `#!/bin/sh
refuse() { echo "GitLab: $1" >&2; exit 1; }
while read -r before after ref; do
  branch="\${ref#refs/heads/}"
  [ "$branch" = "$ref" ] && continue
  while read -r what pattern; do
    case "$branch" in
      $pattern) ;;
      *) continue ;;
    esac
    [ "$what" = closed ] && refuse "You are not allowed to push code to protected branches on this project."
    case "$after" in *[!0]*) ;; *) refuse "You can only delete protected branches using the web interface." ;; esac
    case "$before" in *[!0]*) ;; *) continue ;; esac
    git merge-base --is-ancestor "$before" "$after" ||
      refuse "You are not allowed to force push code to a protected branch on this project."
  done <<EOR
$SOPSLOOP_PROTECTED
EOR
done
exit 0
`;

/** Writes the hook, and returns the folder for git's \`core.hooksPath\`. */
export function layHooks(folder: string): string {
  const hooks = join(folder, "hooks");
  mkdirSync(hooks, { recursive: true, mode: 0o700 });
  writeFileSync(join(hooks, "pre-receive"), SCRIPT);
  chmodSync(join(hooks, "pre-receive"), 0o700);
  return hooks;
}

/** Variables for git's process: where the hook is, and what it lets this user do. */
export function pushRules(
  hooks: string,
  access: Access,
  project: Project,
  user: User,
  protections: readonly ProtectedBranch[],
): Record<string, string> {
  const lines = protections.flatMap(({ name, allowForcePush }) => {
    // A name without a star stands for itself in the shell too; all else but the star is made plain.
    const pattern = name.replace(/[^\w*/.-]/g, "\\$&");
    if (!access.mayUpdate(project, user, name)) return [`closed ${pattern}`];
    return allowForcePush ? [] : [`forward ${pattern}`];
  });
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: hooks,
    GIT_CONFIG_KEY_1: "http.receivepack",
    GIT_CONFIG_VALUE_1: "true",
    SOPSLOOP_PROTECTED: lines.join("\n"),
  };
}
