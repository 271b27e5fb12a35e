import {
  existsSync,
  linkSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Layout } from "./servers/layout";
import type { ToolPaths } from "./toolchain/tool-builder";

const COMMAND = join(__dirname, "..", "cli", "launcher", "sopsloop.cjs");
const LANGUAGE_HOST = "pulumi-language-nodejs";

/** Puts the binaries of one tool into the sandbox's `bin`. @param tools all that are there so far. */
export function linkTool(layout: Layout, files: ToolPaths, tools: ToolPaths): void {
  mkdirSync(layout.bin, { recursive: true, mode: 0o700 });
  for (const [name, file] of files) {
    const target = join(layout.bin, name);
    if (name === "pulumi") placeEngine(file, target);
    else if (name === LANGUAGE_HOST) placeLanguageHost(file, target, tools.get("pulumi"));
    else link(file, target);
  }
}

/** Puts the project's own command there. */
export function linkCommand(layout: Layout): void {
  mkdirSync(layout.bin, { recursive: true, mode: 0o700 });
  link(COMMAND, join(layout.bin, "sopsloop"));
}

function link(file: string, target: string): void {
  try {
    if (readlinkSync(target) === file) return;
  } catch {
    // Not there yet, or not a link.
  }
  rmSync(target, { force: true });
  symlinkSync(file, target);
}

/**
 * The engine looks for its language host beside its own file, and warns about one on PATH. A hard link has its place in
 * the sandbox's `bin`; where the cache is on another disk, the symbolic one works too, with the warning.
 */
function placeEngine(file: string, target: string): void {
  if (existsSync(target) && statSync(target).ino === statSync(file).ino) return;
  rmSync(target, { force: true });
  try {
    linkSync(file, target);
  } catch {
    symlinkSync(file, target);
  }
}

/** An engine from PATH brings its own language host; the one that is built here is started through a launcher. */
function placeLanguageHost(file: string, target: string, engine = ""): void {
  const own = join(dirname(engine), LANGUAGE_HOST);
  if (existsSync(own)) {
    link(own, target);
    return;
  }
  rmSync(target, { force: true });
  writeFileSync(target, launcher(file), { mode: 0o755 });
}

/**
 * Today's engine hands a project's runtime options over by RPC. The newest language host that can be built from a Go
 * module is from before that and takes them as flags, so they are read from Pulumi.yaml in its working folder.
 */
function launcher(file: string): string {
  return `#!/bin/sh
option() { sed -n "s/^ *$1: *//p" Pulumi.yaml 2>/dev/null | head -n 1 | sed 's/^"\\(.*\\)"$/\\1/'; }
typescript=$(option typescript)
nodeargs=$(option nodeargs)
exec '${file.replaceAll("'", `'\\''`)}' \${typescript:+"-typescript=$typescript"} \${nodeargs:+"-nodeargs=$nodeargs"} "$@"
`;
}
