import * as pulumi from "@pulumi/pulumi";
import type { Config } from "./config";
import { patchesText, stockEgressRemoval } from "./flux/controller-patch";
import { FluxAlerts } from "./flux/flux-alerts";
import { type FluxAzureArgs, FluxDecryption } from "./flux/flux-decryption";
import { FluxDelivery } from "./flux/flux-delivery";
import { FluxNetwork } from "./flux/flux-network";
import { objectName } from "./flux/object-name";
import type { DecryptorLogin } from "./vault/login";

/** What Flux takes from the rest of the program. */
export interface FluxLoopArgs {
  readonly login: DecryptorLogin;
  /** PEM text of the CA that signed Vault's certificate. */
  readonly vaultCa?: pulumi.Output<string> | undefined;
  /** Who its accounts are in Azure; absent without Azure. */
  readonly azure?: FluxAzureArgs | undefined;
  readonly providers: Record<"vault" | "kubernetes", pulumi.ProviderResource>;
}

/** How Flux comes to decrypt, what it decrypts, whom it may talk to, and whom it tells when it fails. */
export function fluxLoop(config: Config, { login, vaultCa, azure, providers }: FluxLoopArgs) {
  const { vault, flux, gitlab } = config;
  const { namespace, decryptors } = flux;
  const removesStockPolicy = flux.networkPolicies?.stockPolicy === "present";
  // Flux posts to this path as it stands, and sends no namespace header.
  const loginPath =
    vault.namespace === undefined
      ? login.loginPath
      : pulumi.interpolate`${vault.namespace}/${login.loginPath}`;
  const decryption = new FluxDecryption(
    "flux",
    { ...flux, address: vault.address, loginPath, caPem: vaultCa, azure },
    { providers },
  );

  // What Flux decrypts, once it can.
  const delivery = new FluxDelivery(
    "deploy",
    { ...flux, controllerHasToken: azure?.controllerTokens !== undefined },
    { providers, dependsOn: [login, decryption] },
  );
  if (flux.networkPolicies) {
    const disarmStockPolicy = removesStockPolicy && flux.installation === "cli";
    const rules = {
      ...flux.networkPolicies,
      alertPort: config.alertPort,
      receiver: gitlab?.receiver !== undefined || flux.networkPolicies.webhooks,
      azure: azure !== undefined,
    };
    new FluxNetwork("flux", { ...rules, namespace, disarmStockPolicy }, { providers });
  }
  if (flux.alerts && config.alertAddress) {
    const namespaces = Object.values(decryptors).map((decryptor) => decryptor.namespace);
    const address = config.alertAddress;
    const objects = objectName(flux);
    new FluxAlerts("flux", { ...flux.alerts, address, namespace, objects, namespaces }, { providers });
  }

  const { installation } = flux;
  return {
    delivery,
    loginPath,
    /** Patches to commit where Flux's own repository or operator owns the controller; empty where a stack patches it. */
    patches:
      installation === "cli" || installation === "shared"
        ? ""
        : decryption.patches.apply((patches) =>
            patchesText(installation, removesStockPolicy ? [...patches, stockEgressRemoval()] : patches),
          ),
  };
}
