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
    const known = new Set(key.versions.map(({ version }) => version));
    const others = [...counts.keys()].filter((version) => !known.has(version));
    const versions = [
      ...key.versions.map((version) => ({ ...version, files: counts.get(version.version) ?? 0 })),
      ...others.map((version) => ({
        version,
        state: stateOf(version, key),
        files: counts.get(version) ?? 0,
      })),
    ].sort((a, b) => compareVersions(a.version, b.version));
    return { ...key, versions };
  });
}

/** Of a version that the state does not list. */
function stateOf(version: string, { current, oldestUsable }: Key): Key["versions"][number]["state"] {
  if (oldestUsable !== undefined && compareVersions(version, oldestUsable) < 0) return "closed";
  // Newer than the state knows: somebody has rotated the key since.
  return current !== undefined && compareVersions(version, current) > 0 ? "current" : "usable";
}
