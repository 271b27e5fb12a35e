import { parse } from "yaml";
import type { Reader } from "../values/reader";
import type { Stack } from "../values/stack";
import { controllerContainers, variable, vaultControllers } from "./flux";
import { CONFIG_MAP } from "./kubernetes";

/** Address and login path that Flux is told of a Vault. */
export interface VaultInstance {
  readonly address: string;
  readonly loginPath: string;
}

/** What ConfigMaps tell kustomize-controller of Vault. Its Deployment need not be of the stack, where another tool owns it. */
export function instancesOf(stack: Stack): readonly VaultInstance[] {
  return stack.ofType(CONFIG_MAP).flatMap((map) => read(map.at("data").key("config.yaml")));
}

/** Whether Flux logs in to Vault by what this stack tells it. */
export function isVaultTold(stack: Stack): boolean {
  return vaultControllers(stack).length > 0 || instancesOf(stack).length > 0;
}

function read(text: Reader): VaultInstance[] {
  const yaml = text.text();
  if (yaml === undefined) return [];
  try {
    const { instances } = (parse(yaml) ?? {}) as { instances?: unknown };
    return Array.isArray(instances) ? instances.filter(isInstance) : [];
  } catch {
    throw text.trouble("form");
  }
}

function isInstance(value: unknown): value is VaultInstance {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "address") === "string" &&
    typeof Reflect.get(value, "loginPath") === "string"
  );
}

/** Addresses that Flux may send tokens to; none where it is not told. */
export function allowedAddresses(stack: Stack): readonly string[] {
  return vaultControllers(stack)
    .flatMap((workload) => controllerContainers(workload))
    .flatMap((container) => variable(container, "SOPS_HC_VAULT_ALLOWLIST")?.text()?.split(",") ?? [])
    .map((address) => address.trim().replace(/\/$/, ""))
    .filter((address) => address !== "");
}

/** The address of the Vault that a key's URI in `.sops.yaml` names, as sops keeps it in each file. */
export function addressOfUri(uri: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.exec(uri)?.[0] ?? uri;
}
