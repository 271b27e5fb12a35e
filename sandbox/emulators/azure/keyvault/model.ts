/** Times in ms of the emulator's clock. */
export interface Deletion {
  readonly at: number;
  readonly purgeAt: number;
}

/** What versions of keys and of secrets have in common. Times in seconds, as Key Vault tells them. */
export interface VersionAttributes {
  readonly id: string;
  readonly created: number;
  updated: number;
  enabled: boolean;
  nbf?: number;
  exp?: number;
  tags: Record<string, string>;
  /** `exp` for which near expiry, and expiry, were told to Event Grid. */
  nearExpiryTold?: number;
  expiryTold?: number;
}

export interface KeyVersion extends VersionAttributes {
  readonly kty: "RSA" | "RSA-HSM";
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  ops: string[];
}

export interface LifetimeAction {
  readonly action: "Rotate" | "Notify";
  /** ISO 8601, as `P30D`; one of the two. */
  readonly timeAfterCreate?: string;
  readonly timeBeforeExpiry?: string;
}

export interface RotationPolicy {
  readonly created: number;
  readonly updated: number;
  readonly expiryTime?: string;
  readonly actions: readonly LifetimeAction[];
}

/** Something of a vault that has versions, the newest last. */
export interface Versioned<Version extends VersionAttributes> {
  /** The vault's ARM id in lower case. */
  readonly vault: string;
  readonly name: string;
  readonly versions: Version[];
  deleted?: Deletion;
}

export interface Key extends Versioned<KeyVersion> {
  policy?: RotationPolicy;
}

export interface SecretVersion extends VersionAttributes {
  readonly value: string;
  contentType?: string;
}

export type Secret = Versioned<SecretVersion>;
