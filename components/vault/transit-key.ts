import * as pulumi from "@pulumi/pulumi";
import { Endpoint } from "@pulumi/vault/generic/endpoint";
import { Mount } from "@pulumi/vault/mount";
import { SecretBackendKey } from "@pulumi/vault/transit/secretBackendKey";
import type { TakeOvers } from "./existing";

export interface TransitKeyArgs {
  /** Path of the transit engine, without slashes at the ends. */
  readonly mount: string;
  /** Name of the key. */
  readonly key: string;
  /** Seconds after which Vault makes a new version by itself; 0 for never. */
  readonly autoRotatePeriod: number;
  /** Oldest version that may still decrypt. Raise it only when no file is wrapped by an older one. */
  readonly minDecryptionVersion: number;
  /** Whether Pulumi and Vault both refuse to delete the key. */
  readonly protect: boolean;
  /** A mount and key that are there already. */
  readonly existing: TakeOvers;
}

/** A version of a key, as auditors want to see it. */
export interface KeyVersion {
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** The transit engine and the one key that wraps every data key. */
export class TransitKey extends pulumi.ComponentResource {
  /** Mount path without slashes at the ends, such as `transit`. */
  public readonly mount: pulumi.Output<string>;
  /** Key name, such as `sops`. */
  public readonly key: pulumi.Output<string>;
  /** Always `aes256-gcm96`. */
  public readonly keyType: pulumi.Output<string>;
  /** Version that encrypts now. */
  public readonly latestVersion: pulumi.Output<number>;
  /** Those that may decrypt, oldest first. */
  public readonly versions: pulumi.Output<readonly KeyVersion[]>;
  /** Oldest version that may decrypt. */
  public readonly minDecryptionVersion: pulumi.Output<number>;
  /** Seconds between automatic rotations, 0 for never. */
  public readonly autoRotatePeriod: pulumi.Output<number>;

  constructor(name: string, args: TransitKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:TransitKey", name, {}, opts);

    const mount = new Mount(
      `${name}-mount`,
      { path: args.mount, type: "transit", description: args.existing.mark },
      {
        parent: this,
        // Deleting the mount deletes the key with it, whatever the key's own flags say.
        protect: args.protect,
        // Whoever mounted it first has described it.
        ignoreChanges: ["description"],
        // In place, the state would keep the old path as the id.
        replaceOnChanges: ["path"],
        ...args.existing.mounted("mount", args.mount),
      },
    );
    const settings = new Endpoint(
      `${name}-mount-settings`,
      {
        path: pulumi.interpolate`${mount.path}/config/keys`,
        // Without this, encrypting under a mistyped name makes a new key instead of failing.
        dataJson: JSON.stringify({ disable_upsert: true }),
        disableDelete: true,
        ignoreAbsentFields: true,
      },
      { parent: this },
    );
    const key = new SecretBackendKey(
      `${name}-key`,
      {
        backend: mount.path,
        name: args.key,
        type: "aes256-gcm96",
        exportable: false,
        allowPlaintextBackup: false,
        deletionAllowed: !args.protect,
        autoRotatePeriod: args.autoRotatePeriod,
        minDecryptionVersion: args.minDecryptionVersion,
      },
      {
        parent: this,
        dependsOn: settings,
        protect: args.protect,
        ...args.existing.object(`${args.mount}/keys/${args.key}`),
      },
    );

    this.mount = key.backend;
    this.key = key.name;
    this.keyType = key.type.apply((type) => type ?? "aes256-gcm96");
    this.latestVersion = key.latestVersion;
    this.versions = pulumi
      .all([key.keys, key.latestVersion])
      .apply(([keys, latest]) => versionsOf(keys ?? [], latest));
    this.minDecryptionVersion = key.minDecryptionVersion.apply(
      (version) => version ?? args.minDecryptionVersion,
    );
    this.autoRotatePeriod = key.autoRotatePeriod;
    this.registerOutputs({
      mount: this.mount,
      key: this.key,
      keyType: this.keyType,
      latestVersion: this.latestVersion,
      versions: this.versions,
      minDecryptionVersion: this.minDecryptionVersion,
      autoRotatePeriod: this.autoRotatePeriod,
    });
  }
}

/**
 * Vault tells of each version of a symmetric key when it was made, in seconds since 1970, and leaves out those that decrypt no more. The
 * provider has them in no certain order.
 */
function versionsOf(keys: readonly Readonly<Record<string, string>>[], latest: number): KeyVersion[] {
  const times = keys.map(({ id }) => Number(id)).sort((a, b) => a - b);
  // What has no time is another type of key than is made here.
  if (times.some((seconds) => !(seconds > 0))) return [];
  return times.map((seconds, at) => ({
    version: latest - times.length + 1 + at,
    created: new Date(seconds * 1000).toISOString(),
  }));
}
