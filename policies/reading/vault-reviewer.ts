export const KUBERNETES_CONFIG = "vault:kubernetes/authBackendConfig:AuthBackendConfig";
