import { stringify } from "yaml";
import { MARK } from "../digests/digest-line";

/** Names of the files beside the Secrets, relative to the chart's folder. */
export const CHART_FILE = "chart.yaml";
export const KUSTOMIZATION_FILE = "kustomization.yaml";

/** kustomize's own file for the folder. @param resources relative to the folder. */
export function kustomizationText(resources: readonly string[]): string {
  const content = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: resources.toSorted(),
  };
  return `${MARK}\n${stringify(content, { lineWidth: 0 })}`;
}

/** What helm rendered, under the mark. */
export function chartText(rendered: string): string {
  return `${MARK}\n${rendered.endsWith("\n") ? rendered : `${rendered}\n`}`;
}
