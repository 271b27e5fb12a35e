import type { FluxCoverage } from "../tree/flux-coverage";
import type { EncryptedFile } from "../tree/tree";
import type { Finding } from "./finding";

/** Whether Flux, as the tree declares it, would decrypt this file. Files that are no manifests matter only where Flux builds them. */
export function checkFlux(file: EncryptedFile, flux: FluxCoverage): Finding[] {
  const builders = flux.buildersOf(file.path);
  const finding = (check: Finding["check"], subject: string, message: string): Finding => ({
    check,
    path: file.path,
    line: 1,
    subject,
    message,
  });
  if (builders.length === 0) {
    if (!file.isManifest) return [];
    return [finding("no-decryption", file.path, "no Flux Kustomization of this tree builds it")];
  }
  const active = builders.filter(({ suspended }) => !suspended);
  if (active.length === 0) {
    const names = builders.map(({ name }) => name).join(", ");
    return [finding("no-decryption", file.path, `built only by what is suspended: ${names}`)];
  }
  return active.flatMap((kustomization) => {
    const { name, file: where, line } = kustomization;
    const found: Finding[] = [];
    if (!kustomization.decrypts)
      found.push(
        finding(
          "no-decryption",
          name,
          `Kustomization ${name} builds it without decryption; set spec.decryption.provider to sops in ${where}:${line}`,
        ),
      );
    if (kustomization.substitutes && file.substituted.length > 0)
      found.push(
        finding(
          "substituted",
          name,
          `Kustomization ${name} has spec.postBuild, and ${file.substituted.join(", ")} holds \${; label the Secret kustomize.toolkit.fluxcd.io/substitute: disabled`,
        ),
      );
    return found;
  });
}
