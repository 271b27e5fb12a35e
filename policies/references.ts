import type { Reference } from "./rule";

const of =
  (framework: string) =>
  (id: string): Reference => ({ framework, id });

export const checkov = of("Checkov");
export const trivy = of("Trivy");
export const kics = of("KICS");
export const psrule = of("PSRule for Azure");
export const cisKubernetes = of("CIS Kubernetes 1.10");
export const cisAzure = of("CIS Azure Foundations 2.0.0");
export const cisGitlab = of("CIS GitLab 1.0.1");
