import { compareVersions } from "../../backends/compare-versions";
import type { FluxCoverage } from "../../tree/flux-coverage";
import type { Delivery, Files, Key } from "../report-schema";
import type { FilesReading } from "./files-reading";

type DeliveryFacts = Pick<Delivery, "name" | "folder">;

/** The part of the report that is about the files of the deploy repository. */
export function filesPart(
  { tree, status, asked }: FilesReading,
  deliveries: readonly DeliveryFacts[],
): Files {
  const { fresh, stale, unknown } = status.summary;
  return {
    ...{ fresh, stale, unknown, asked },
    list: status.files.map(({ path, state, behind, recipients }) => ({
      ...{ path, state, behind },
      keys: recipients.map(({ recipient: { key, version } }) => ({
        key,
        ...(version !== undefined && { version }),
      })),
      deliveries: buildersOf(path, tree.flux, deliveries),
    })),
  };
}

/** By the tree's own Kustomizations where it has any that builds the file; else by the folders of the stack's. */
function buildersOf(
  path: string,
  flux: FluxCoverage | undefined,
  deliveries: readonly DeliveryFacts[],
): string[] {
  const built = new Set(flux?.buildersOf(path).map(({ name }) => name));
  const named = deliveries.filter(({ name }) => built.has(name));
  const found =
    named.length > 0 ? named : deliveries.filter(({ folder }) => path.startsWith(folderOf(folder)));
  return found.map(({ name }) => name);
}

function folderOf(folder: string): string {
  const inner = folder.replace(/^\.?\/+|\/+$/g, "").replace(/^\.$/, "");
  return inner === "" ? "" : `${inner}/`;
}

/** The keys, with how many files each version has wrapped; versions that only files tell of are added. */
export function withFiles(keys: readonly Key[], { list }: Files): Key[] {
  return keys.map((key) => {
    const counts = new Map<string, number>();
    for (const file of list) {
      const versions = file.keys.filter(({ key: id }) => id === key.id).map(({ version }) => version);
      for (const version of new Set(versions))
        if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1);
    }
    const newest = newestOf(key, [...counts.keys()]);
    const known = new Map(key.versions.map((version) => [version.version, version]));
    const versions = [...new Set([...known.keys(), ...counts.keys()])].sort(compareVersions);
    return {
      ...(newest === key.current ? key : withoutDue({ ...key, current: newest })),
      versions: versions.map((version) => ({
        ...known.get(version),
        ...{ version, state: stateOf(version, newest, key), files: counts.get(version) ?? 0 },
      })),
    };
  });
}

/** A file that is ahead of the state was wrapped after the last look at the key. Only Vault's versions have an order. */
function newestOf({ backend, current }: Key, named: readonly string[]): string | undefined {
  if (backend !== "vault" || current === undefined) return current;
  return [current, ...named].sort(compareVersions).at(-1);
}

/** When a version is made that the state does not know, it does not know when the next is due either. */
function withoutDue({ rotatesAt: _, ...key }: Key): Key {
  return key;
}

function stateOf(
  version: string,
  newest: string | undefined,
  { backend, oldestUsable }: Key,
): Key["versions"][number]["state"] {
  if (version === newest) return "current";
  const isClosed =
    backend === "vault" && oldestUsable !== undefined && compareVersions(version, oldestUsable) < 0;
  return isClosed ? "closed" : "usable";
}
