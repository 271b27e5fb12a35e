import type { Kubectl } from "../kubernetes/kubectl";
import type { Declared } from "./declared";
import type { Logins } from "./logins";
import type { VaultAccess } from "./vault-access";

/** What a probe is given. */
export interface Context {
  readonly declared: Declared;
  readonly vault: VaultAccess;
  readonly kubectl: Kubectl;
  readonly logins: Logins;
  /** The controller that decrypts; looked up once. */
  readonly controller: () => Promise<Controller>;
}

/** The kustomize-controller of the cluster. */
export interface Controller {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Name of the ConfigMap that lies where this file is; undefined where none does. */
  readonly configMapOf: (path: string) => string | undefined;
  /** Pods that run. */
  readonly available: number;
}

/** One link of the loop, looked at in the live systems. */
export interface Probe {
  readonly id: string;
  readonly title: string;
  /** Probes whose failure would make this one fail too. */
  readonly needs: readonly string[];
  /** Resolves with what was seen. Throws Fault for what is wrong, Skip for what cannot be looked at. */
  readonly run: (context: Context) => Promise<string>;
}

/** Something is wrong: why, and the exact command that shows or mends it. */
export class Fault extends Error {
  constructor(
    message: string,
    public readonly next: string,
  ) {
    super(message);
  }
}

/** Something cannot be looked at, or need not: why. */
export class Skip extends Error {}

/** Something need not be looked at: the stack has none of it. */
export class NotNeeded extends Skip {}

/** One row of the report. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly result: "ok" | "failed" | "skipped";
  readonly why: string;
  /** Command to run next; only of rows that failed. */
  readonly next?: string;
}
