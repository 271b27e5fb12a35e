import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { AzureRepository } from "./azure-repository";
import { EmulatedAzure } from "./emulated-azure";
import type { EmulatedKey } from "./emulated-key";

/** An emulated Azure for the whole file, and for each test a key and an empty repository whose only rule names it. */
export interface AzureStage {
  readonly azure: EmulatedAzure;
  readonly key: EmulatedKey;
  readonly repository: AzureRepository;
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function azureStage(): AzureStage {
  let azure: EmulatedAzure;
  let key: EmulatedKey;
  let repository: AzureRepository;

  beforeAll(async () => {
    azure = await EmulatedAzure.start();
  });
  afterAll(() => azure.stop());
  beforeEach(async () => {
    vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
    key = await azure.newKey();
    repository = await AzureRepository.create(azure);
    repository.rules({ azure_keyvault: key.url });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    repository.git.remove();
  });

  return {
    get azure() {
      return azure;
    },
    get key() {
      return key;
    },
    get repository() {
      return repository;
    },
  };
}
