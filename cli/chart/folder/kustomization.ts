import { MARK } from "../digests/digest-line";

/** Names of the files beside the Secrets, relative to the chart's folder. */
export const CHART_FILE = "chart.yaml";
export const KUSTOMIZATION_FILE = "kustomization.yaml";

/** kustomize's own file for the folder. @param resources relative to the folder, of characters that YAML takes as they are. */
export function kustomizationText(resources: readonly string[]): string {
  const items = resources.toSorted().map((path) => `\n  - ${path}`);
  const list = items.length === 0 ? " []" : items.join("");
  return `${MARK}\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:${list}\n`;
}

/** What helm rendered, under the mark. */
export function chartText(rendered: string): string {
  return `${MARK}\n${rendered.endsWith("\n") ? rendered : `${rendered}\n`}`;
}
