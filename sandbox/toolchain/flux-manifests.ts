import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { run } from "../processes/run";
import { MODULES, toolsCache } from "./cache";
import { moduleFolder } from "./modules";

/** Controllers whose manifests are installed. */
const CONTROLLERS = ["source-controller", "kustomize-controller", "notification-controller"];
const FLUX = { folder: "flux-manifests", module: "github.com/fluxcd/flux2/v2" };

/** A release's address in flux2's manifests, and what in the controller's sources it is built from. */
const RELEASES =
  /https:\/\/github\.com\/fluxcd\/([a-z-]+)\/releases\/download\/[^/]+\/[a-z-]+\.(crds|deployment)\.yaml/g;
const PARTS: Readonly<Record<string, string>> = { crds: "crd", deployment: "manager" };

/**
 * The file with what `flux install` would apply, for the controllers that are built here. It is put together from the
 * sources of flux2 and the controllers, because their release files are not Go modules, and kept in the cache.
 *
 * @param kubectl renders the kustomizations.
 */
export async function fluxManifests(kubectl: string, cache = toolsCache()): Promise<string> {
  const target = join(cache, "flux-manifests", `${pinned()}.yaml`);
  if (existsSync(target)) return target;
  const work = mkdtempSync(join(tmpdir(), "sopsloop-flux-"));
  try {
    await assemble(work);
    const rendered = await run(kubectl, ["kustomize", join(work, "install")]);
    mkdirSync(dirname(target), { recursive: true });
    // Under a name of its own first: another run may be writing it now.
    writeFileSync(`${target}.${process.pid}`, rendered);
    renameSync(`${target}.${process.pid}`, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

function pinned(): string {
  const hash = createHash("sha256").update(readFileSync(__filename));
  for (const folder of [FLUX.folder, ...CONTROLLERS])
    hash.update(readFileSync(join(MODULES, folder, "go.mod")));
  return hash.digest("hex").slice(0, 12);
}

async function assemble(work: string): Promise<void> {
  const manifests = join(await moduleFolder(FLUX.folder, FLUX.module), "manifests");
  for (const folder of ["rbac", "policies"]) copy(join(manifests, folder), join(work, folder));
  for (const name of CONTROLLERS) {
    copy(join(await moduleFolder(name, `github.com/fluxcd/${name}`), "config"), join(work, "sources", name));
    const base = join(work, "bases", name);
    copy(join(manifests, "bases", name), base);
    const kustomization = join(base, "kustomization.yaml");
    const local = readFileSync(kustomization, "utf8").replace(
      RELEASES,
      (_, controller: string, part: string) => `../../sources/${controller}/${PARTS[part]}`,
    );
    writeFileSync(kustomization, local);
  }
  copy(join(manifests, "install"), join(work, "install"));
  const images = CONTROLLERS.map((name) => ({ name: `fluxcd/${name}`, newName: `ghcr.io/fluxcd/${name}` }));
  const install = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: "flux-system",
    resources: ["namespace.yaml", ...CONTROLLERS.map((name) => `../bases/${name}`), "../rbac", "../policies"],
    transformers: ["labels.yaml"],
    images,
  };
  writeFileSync(join(work, "install", "kustomization.yaml"), stringify(install));
}

/** Copies a folder of Go's module cache, whose files nobody may write to, as one that can be changed. */
function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copy(join(from, entry.name), join(to, entry.name));
    else writeFileSync(join(to, entry.name), readFileSync(join(from, entry.name)));
  }
}
