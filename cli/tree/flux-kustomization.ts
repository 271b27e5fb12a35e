import { posix } from "node:path";
import { type FileDocument, isMapping, textOf } from "./kubernetes-documents";

const GROUP = "kustomize.toolkit.fluxcd.io/";

/** A Kustomization of Flux's, as far as it decides what becomes of encrypted files. */
export interface FluxKustomization {
  /** `namespace/name`, or the name alone where the manifest names no namespace. */
  readonly name: string;
  /** File that declares it, and the line. */
  readonly file: string;
  readonly line: number;
  /** Folder that it builds, relative to the tree, without `./` and slashes at the ends; `""` for the root. */
  readonly folder: string;
  /** Folders of `spec.components`, likewise. */
  readonly components: readonly string[];
  /** Whether it decrypts by sops. */
  readonly decrypts: boolean;
  readonly suspended: boolean;
  /** Whether it substitutes variables after decryption (`spec.postBuild`). */
  readonly substitutes: boolean;
}

/** Cheap: whether it is worth reading the text as YAML to look for Flux's Kustomizations. */
export function mayHoldKustomization(text: string): boolean {
  return text.includes(GROUP) && text.includes("Kustomization");
}

/** Kustomizations whose path is a text without variables; what Flux itself would substitute cannot be known. */
export function fluxKustomizations(file: string, documents: readonly FileDocument[]): FluxKustomization[] {
  return documents.flatMap(({ line, value }) => {
    if (value.kind !== "Kustomization" || !textOf(value, "apiVersion")?.startsWith(GROUP)) return [];
    const { spec } = value;
    const path = textOf(spec, "path") ?? "";
    if (!isMapping(spec) || path.includes("${")) return [];
    const folder = inTree(path);
    const namespace = textOf(value, "metadata", "namespace");
    const name = textOf(value, "metadata", "name") ?? "(no name)";
    const components = Array.isArray(spec.components) ? spec.components : [];
    return [
      {
        name: namespace === undefined ? name : `${namespace}/${name}`,
        file,
        line,
        folder,
        components: components.flatMap((part) =>
          typeof part === "string" ? [inTree(posix.join(folder, part))] : [],
        ),
        decrypts: textOf(spec, "decryption", "provider") === "sops",
        suspended: spec.suspend === true,
        substitutes: isMapping(spec.postBuild),
      },
    ];
  });
}

/** Flux never leaves its checkout, whatever `..` says. */
function inTree(path: string): string {
  return posix.join("/", path).replace(/^\/+|\/+$/g, "");
}
