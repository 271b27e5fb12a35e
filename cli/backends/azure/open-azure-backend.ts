import { AzureBackend, type AzureOptions } from "./azure-backend";
import { azureSettings } from "./azure-settings";

type Environment = Readonly<Record<string, string | undefined>>;

/** The backend for a tree. Nothing is read from the environment before a key is asked for: a tree without Azure keys needs no identity. */
export function openAzureBackend(env: Environment, options: AzureOptions = {}): AzureBackend {
  return new AzureBackend(() => azureSettings(env), options);
}
