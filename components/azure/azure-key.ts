import { Key } from "@pulumi/azure-native/keyvault/key";
import * as pulumi from "@pulumi/pulumi";
import type { AzureVault } from "./azure-vault";
import { requireWantedKey } from "./key-in-azure";
import { type KeyRotation, rotationPolicy } from "./rotation-policy";

export interface AzureKeyArgs {
  readonly resourceGroupName: string;
  readonly vault: AzureVault;
  /** Name of the key. */
  readonly key: string;
  /** Bits of the RSA key. */
  readonly size: 2048 | 3072 | 4096;
  /** Whether it never leaves a hardware security module. */
  readonly hsm: boolean;
  readonly rotation: KeyRotation;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  /** ARM id of a key that has come back with its vault; absent where there is none. */
  readonly recovered?: string | undefined;
}

/** A key as auditors want to see it. */
export interface AzureKeyRecord {
  /** As in `.sops.yaml`. */
  readonly url: string;
  readonly vault: string;
  readonly name: string;
  /** `RSA`, or `RSA-HSM`. */
  readonly type: string;
  readonly size: number;
  /** ISO 8601, such as `P90D`; `null` where only people rotate. */
  readonly rotatesAfter: string | null;
  readonly rotatesBeforeExpiry: string | null;
  /** How long a version encrypts; `null` for ever. */
  readonly expiresAfter: string | null;
}

/** The RSA key in one vault that wraps every data key. */
export class AzureKey extends pulumi.ComponentResource {
  /** ARM id, the scope of the rights to it. */
  public readonly keyId: pulumi.Output<string>;
  /** As sops names it, without a version and without a slash at its end: `https://kv-sops-prod.vault.azure.net/keys/sops`. */
  public readonly url: pulumi.Output<string>;
  public readonly record: pulumi.Output<AzureKeyRecord>;

  constructor(name: string, args: AzureKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:AzureKey", name, {}, opts);

    const type = args.hsm ? "RSA-HSM" : "RSA";
    const key = new Key(
      `${name}-key`,
      {
        resourceGroupName: args.resourceGroupName,
        vaultName: args.vault.vaultName,
        keyName: args.key,
        properties: {
          kty: type,
          keySize: args.size,
          // sops encrypts and decrypts data keys; it neither wraps nor unwraps them, whatever that is called elsewhere.
          keyOps: ["encrypt", "decrypt"],
          rotationPolicy: rotationPolicy(args.rotation),
        },
      },
      {
        parent: this,
        protect: args.protect,
        // Once made, only `requireWantedKey` looks at them.
        ignoreChanges: ["properties"],
        // Deleted by itself, it would lie in the vault's own bin, and not come back with the vault.
        deletedWith: args.vault.resource,
        ...(args.recovered !== undefined && { import: args.recovered }),
      },
    );

    this.keyId = key.id;
    // Never the URI with a version: files would be pinned to it.
    this.url = key.keyUri.apply((uri) => uri.replace(/\/+$/, ""));
    const { kty, keySize, rotationPolicy: policy } = key;
    this.record = pulumi
      .output({ url: this.url, vault: args.vault.vaultName, found: { kty, keySize, rotationPolicy: policy } })
      .apply(({ url, vault, found }) => {
        const { key: name, size, rotation } = args;
        requireWantedKey({ vault, key: name, type, size, rotation }, found);
        return { url, vault, name, type, size, ...timesOf(rotation) };
      });
    this.registerOutputs({ keyId: this.keyId, url: this.url, record: this.record });
  }
}

function timesOf({ rotate, expiry }: KeyRotation) {
  return {
    rotatesAfter: rotate && "after" in rotate ? rotate.after.text : null,
    rotatesBeforeExpiry: rotate && "beforeExpiry" in rotate ? rotate.beforeExpiry.text : null,
    expiresAfter: expiry?.text ?? null,
  };
}
