import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { V1KeyToPath, V1Volume } from "@kubernetes/client-node";
import { PodNotReady, type PodSource } from "./pod-source";

/** Relative path → content. */
type Files = Readonly<Record<string, string>>;

/**
 * Writes a pod's volumes as folders under `folder` and brings those that are there up to date. Throws PodNotReady for
 * what does not exist yet, and for kinds of volumes that the stand-in does not know.
 */
export async function writeVolumes(
  volumes: readonly V1Volume[],
  folder: string,
  source: PodSource,
): Promise<void> {
  for (const volume of volumes) {
    const target = volumeFolder(folder, volume.name);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    // There is one node: a claim is a folder on it, too.
    if (!volume.emptyDir && !volume.persistentVolumeClaim) syncFiles(target, await filesOf(volume, source));
  }
}

export function volumeFolder(folder: string, volume: string): string {
  return join(folder, "volumes", volume);
}

async function filesOf({ name, configMap, secret, projected }: V1Volume, source: PodSource): Promise<Files> {
  if (configMap) {
    const data = await source.configMap(configMap.name ?? "");
    return select(
      data,
      configMap.items,
      configMap.optional,
      `configmap ${source.namespace}/${configMap.name}`,
    );
  }
  if (secret) {
    const data = await source.secret(secret.secretName ?? "");
    return select(data, secret.items, secret.optional, `secret ${source.namespace}/${secret.secretName}`);
  }
  if (!projected) throw new PodNotReady(`volume ${name} is of a kind that the stand-in does not know`);
  const all: Record<string, string> = {};
  for (const part of projected.sources ?? []) {
    if (part.serviceAccountToken) {
      const { audience, expirationSeconds, path } = part.serviceAccountToken;
      all[path] = await source.token(audience, expirationSeconds ?? 3600);
    } else if (part.configMap) {
      const { name: map = "", items, optional } = part.configMap;
      Object.assign(
        all,
        select(await source.configMap(map), items, optional, `configmap ${source.namespace}/${map}`),
      );
    } else if (part.secret) {
      const { name: one = "", items, optional } = part.secret;
      Object.assign(
        all,
        select(await source.secret(one), items, optional, `secret ${source.namespace}/${one}`),
      );
    } else {
      throw new PodNotReady(`volume ${name} is projected from something the stand-in does not know`);
    }
  }
  return all;
}

function select(
  data: Files | undefined,
  items: V1KeyToPath[] | undefined,
  optional = false,
  what: string,
): Files {
  if (!data) {
    if (optional) return {};
    throw new PodNotReady(`${what} does not exist`);
  }
  if (!items) return data;
  return Object.fromEntries(
    items.flatMap(({ key, path }) => {
      const value = data[key];
      if (value === undefined && !optional) throw new PodNotReady(`${what} has no key ${key}`);
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

/** Each file is replaced as a whole, so that a reader never sees half of it. */
function syncFiles(folder: string, files: Files): void {
  for (const present of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(present.parentPath, present.name);
    if (present.isFile() && files[path.slice(folder.length + 1)] === undefined) rmSync(path);
  }
  for (const [path, content] of Object.entries(files)) replaceFile(join(folder, path), content);
}

/** Writes a file that only its owner reads, unless it is so already. */
export function replaceFile(file: string, content: string): void {
  try {
    if (readFileSync(file, "utf8") === content) return;
  } catch {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
