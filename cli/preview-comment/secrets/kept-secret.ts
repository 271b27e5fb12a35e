/**
 * Properties that hold secrets by their nature, by type: Pulumi marks them only if the program does. The names are those of the
 * providers' schemas.
 */
const BY_TYPE = new Map<string, readonly string[]>([
  ["kubernetes:core/v1:Secret", ["data", "stringData"]],
  ["kubernetes:core/v1:SecretPatch", ["data", "stringData"]],
  ["vault:generic/secret:Secret", ["data", "dataJson", "dataJsonWo"]],
  ["vault:kv/secret:Secret", ["data", "dataJson", "dataJsonWo"]],
  ["vault:kv/secretV2:SecretV2", ["data", "dataJson", "dataJsonWo"]],
  ["gitlab:index/projectVariable:ProjectVariable", ["value"]],
  ["gitlab:index/groupVariable:GroupVariable", ["value"]],
  ["gitlab:index/instanceVariable:InstanceVariable", ["value"]],
  ["gitlab:index/pipelineScheduleVariable:PipelineScheduleVariable", ["value"]],
  ["gitlab:index/pipelineTrigger:PipelineTrigger", ["token"]],
  ["gitlab:index/projectHook:ProjectHook", ["token", "url"]],
  ["azure-native:keyvault:Secret", ["properties"]],
]);

/** Names that mean a secret wherever they stand. Others that only contain them, such as `tokenTtl` and `secretRef`, are settings. */
const NAMES = new Set([
  "accesskey",
  "accesstoken",
  "apikey",
  "apitoken",
  "bindpass",
  "clientkeydata",
  "clientsecret",
  "kubeconfig",
  "passphrase",
  "password",
  "passwd",
  "privatekey",
  "privatetoken",
  "secretaccesskey",
  "secretid",
  "secretkey",
  "token",
  "tokenreviewerjwt",
]);

/** Of a provider's settings only these are shown: the others are how it logs in. */
const PROVIDER = new Set([
  "address",
  "baseUrl",
  "context",
  "enableServerSideApply",
  "location",
  "namespace",
  "project",
  "region",
  "skipChildToken",
  "skipTlsVerify",
  "subscriptionId",
  "tenantId",
  "version",
]);

/** Whether a property is never shown, marked or not. @param path steps from the resource's properties downwards. */
export function isKeptSecret(type: string, path: readonly (string | number)[]): boolean {
  const [first] = path;
  if (typeof first === "string") {
    if (BY_TYPE.get(type)?.includes(first)) return true;
    if (type.startsWith("pulumi:providers:") && !PROVIDER.has(first)) return true;
  }
  return path.some((step) => typeof step === "string" && isSecretName(step));
}

/** Whether a name means a secret wherever it stands. */
export function isSecretName(name: string): boolean {
  return NAMES.has(name.replace(/[_-]/g, "").toLowerCase());
}
