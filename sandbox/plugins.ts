import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { tryRun } from "./processes/run";
import { SandboxError } from "./processes/sandbox-error";

const CHECKOUT = join(__dirname, "..");
const PROVIDERS = join(__dirname, "providers");

/** Providers that the program uses. The engine asks for the plugin of the same version as the npm package. */
const NAMES = ["vault", "kubernetes", "gitlab", "azure-native"] as const;
type Name = (typeof NAMES)[number];

/** Origin of a plugin that `pulumi plugin install` has put there. */
export const INSTALLED_BY_PULUMI = "installed by pulumi";

export interface InstallPluginsOptions {
  /** PULUMI_HOME. */
  readonly home: string;
  /** Folder with official plugins, `pulumi-resource-<name>*`, plain or packed by xz. */
  readonly official?: string | undefined;
}

/** Where a plugin came from. */
export interface InstalledPlugin {
  readonly name: Name;
  readonly version: string;
  /** "stand-in", the file it was taken from, or INSTALLED_BY_PULUMI. */
  readonly origin: string;
}

/**
 * Puts the provider plugins where the engine looks for them: the official one where `official` has it, else the embedded
 * stand-in, bundled so that it starts quickly. What is there already stays, and so does one that Pulumi itself installed.
 */
export async function installPlugins({ home, official }: InstallPluginsOptions): Promise<InstalledPlugin[]> {
  const settled = await Promise.allSettled(
    NAMES.map(async (name) => {
      const version = packageVersion(name);
      const folder = join(home, "plugins", `resource-${name}-v${version}`);
      const source = official === undefined ? undefined : officialPlugin(official, name);
      const stamp = source === undefined ? standInStamp(name) : fileStamp(source);
      const executable = join(folder, `pulumi-resource-${name}`);
      const stampFile = join(folder, "stamp");
      if (source === undefined && existsSync(executable) && !existsSync(stampFile)) {
        return { name, version, origin: INSTALLED_BY_PULUMI };
      }
      if (!existsSync(executable) || !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
        mkdirSync(folder, { recursive: true });
        // Never without a stamp, even if killed: that is how Pulumi's own are told from ours.
        writeFileSync(stampFile, "unfinished");
        // V8 recognises a cache by the length of the source only.
        rmSync(join(folder, "main.cache"), { force: true });
        if (source === undefined) await bundle(name, folder, `${executable}.new`);
        else await unpack(source, `${executable}.new`);
        chmodSync(`${executable}.new`, 0o755);
        renameSync(`${executable}.new`, executable);
        writeFileSync(stampFile, stamp);
      }
      return { name, version, origin: source ?? "stand-in" };
    }),
  );
  // The others are at rest before it is told that one has failed: nothing is written behind the caller's back.
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function packageVersion(name: Name): string {
  const file = join(CHECKOUT, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The newest by name; undefined when the folder has none for this provider. Throws a SandboxError when there is no folder. */
function officialPlugin(folder: string, name: Name): string | undefined {
  if (!existsSync(folder)) {
    throw new SandboxError(`SOPSLOOP_PLUGINS names ${folder}, which does not exist; correct it or unset it`);
  }
  const fits = new RegExp(`^pulumi-resource-${name}(-v[^/]*)?(\\.xz)?$`);
  const found = readdirSync(folder).filter((file) => fits.test(file));
  const newest = found.sort((one, other) => one.localeCompare(other, "en", { numeric: true })).pop();
  return newest === undefined ? undefined : join(folder, newest);
}

function fileStamp(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `official ${file} ${size} ${mtimeMs}`;
}

/** Changes with any source of the plugin and with the npm packages that are bundled with it. */
function standInStamp(name: Name): string {
  const hash = createHash("sha256");
  for (const folder of ["engine", name]) {
    const files = readdirSync(join(PROVIDERS, folder), { recursive: true, encoding: "utf8" }).sort();
    for (const file of files.filter((path) => path.endsWith(".ts"))) {
      hash.update(file).update(readFileSync(join(PROVIDERS, folder, file)));
    }
  }
  const others = [join(CHECKOUT, "package-lock.json"), join(__dirname, "plugin-launcher.ts"), __filename];
  for (const file of others) hash.update(readFileSync(file));
  return `stand-in ${hash.digest("hex")}`;
}

async function bundle(name: Name, folder: string, executable: string): Promise<void> {
  // Loaded only when needed: it is the largest part of this program.
  const { build } = await import("esbuild");
  const options = {
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  } as const;
  await build({
    ...options,
    entryPoints: [join(PROVIDERS, name, "main.ts")],
    outfile: join(folder, "main.js"),
    minify: true,
    keepNames: true,
  });
  await build({
    ...options,
    entryPoints: [join(__dirname, "plugin-launcher.ts")],
    outfile: executable,
    banner: { js: "#!/usr/bin/env node" },
  });
}

async function unpack(source: string, target: string): Promise<void> {
  if (!source.endsWith(".xz")) {
    copyFileSync(source, target);
    return;
  }
  copyFileSync(source, `${target}.xz`);
  const { code, stderr } = await tryRun("xz", ["--decompress", "--force", `${target}.xz`]).catch(() => {
    throw new SandboxError(
      `${source}: xz is not installed; install it (package xz-utils) or unpack the plugin yourself`,
    );
  });
  if (code !== 0) throw new SandboxError(`${source}: xz cannot unpack it: ${stderr.trim()}`);
}
