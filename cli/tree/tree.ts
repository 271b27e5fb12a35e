import type { Selector } from "../rules/creation-rule";
import type { SopsConfigs } from "../rules/sops-configs";
import type { Recipient } from "../sops-file/recipient";
import type { SopsFormat } from "../sops-file/sops-file";
import type { FluxCoverage } from "./flux-coverage";

/** What is kept of an encrypted file: no value of it, and nothing that grows with its size. */
export interface EncryptedFile {
  readonly path: string;
  readonly format: SopsFormat;
  /** Equal recipients of all files are one object; its `wrapped` is that of the first file. */
  readonly recipients: readonly Recipient[];
  readonly shamirThreshold?: number;
  /** Frozen in the file when it was made. */
  readonly selector: { readonly name: Selector; readonly value: string };
  readonly macOnlyEncrypted: boolean;
  /** Whether it is a Kubernetes object, for Flux to apply. */
  readonly isManifest: boolean;
  /** Readable fields of its Secrets that hold `${`. */
  readonly substituted: readonly string[];
}

/** What is wrong with a file whatever the keys and rules are. */
export interface TreeProblem {
  readonly check: "unreadable" | "plaintext-secret" | "not-encrypted" | "sops-config";
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What of the file it is about; stays the same while the fault does. */
  readonly subject: string;
  readonly message: string;
}

/** A tree, read once. */
export interface Tree {
  readonly configs: SopsConfigs;
  readonly encrypted: readonly EncryptedFile[];
  readonly problems: readonly TreeProblem[];
  /** Only where the tree has Kustomizations of Flux's. */
  readonly flux?: FluxCoverage;
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}
