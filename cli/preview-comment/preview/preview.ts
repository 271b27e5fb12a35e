import type { PlainObject } from "../secrets/pulumi-values";

/** What becomes of a resource. `other` is an operation that only a newer engine knows. */
export type ChangeKind = "replace" | "delete" | "update" | "import" | "create" | "other";

/** In the order of what a reviewer must not miss. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  "replace",
  "delete",
  "update",
  "import",
  "create",
  "other",
];

/** One property that changes. Its values hold no secret: they are texts such as `[secret]` there. */
export interface PropertyChange {
  /** As Pulumi writes it: `rules[0].path`. */
  readonly path: string;
  /** Whether this is why the resource is replaced. */
  readonly forcesReplacement: boolean;
  /** Plain JSON; undefined where the property is new. */
  readonly before: unknown;
  /** Plain JSON; undefined where the property is taken away. */
  readonly after: unknown;
}

export interface ResourceChange {
  readonly kind: ChangeKind;
  /** The engine's own word. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether Pulumi refuses to delete it. */
  readonly isProtected: boolean;
  /** Whether it stays where it is when Pulumi forgets it. */
  readonly isRetained: boolean;
  /** What it is before, and will be: outputs, and inputs where there are none. Not for show: nothing in it is hidden but what is marked. */
  readonly before: PlainObject;
  readonly after: PlainObject;
  /** For updates and replacements those that change, for new resources all that they are made with. */
  readonly properties: readonly PropertyChange[];
}

/** A rule of a policy pack that a resource, or the stack, does not keep. */
export interface PolicyFinding {
  /** `mandatory` fails the preview; `advisory`; `remediate`: the pack has mended it. */
  readonly level: string;
  readonly policy: string;
  readonly pack: string;
  /** Absent for the stack as a whole. */
  readonly urn?: string;
  readonly message: string;
}

export interface Diagnostic {
  /** `error`, `warning`, `info`, `info#err` */
  readonly severity: string;
  readonly urn?: string;
  readonly message: string;
}

/** The two outputs of the stack that tell who can decrypt. Plain JSON; undefined where the program has none of the name. */
export interface AuditOutputs {
  readonly audit: unknown;
  readonly vaultTransitUri: unknown;
}

/** What one `pulumi preview --json` has to say. No text for show holds a secret that Pulumi knows of, or what looks like a token. */
export interface Preview {
  /** `project/stack`; undefined where the preview failed before it named any resource. */
  readonly stack: string | undefined;
  readonly changes: readonly ResourceChange[];
  readonly unchanged: number;
  /** Whether there is no state of it yet. */
  readonly isNewStack: boolean;
  /** Undefined where the output does not tell: a digest has none of after, a new stack none of before. */
  readonly outputs: { readonly before: AuditOutputs | undefined; readonly after: AuditOutputs | undefined };
  /** Undefined where the output cannot say: the digest has no policy findings. */
  readonly findings: readonly PolicyFinding[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Why this preview says no `pulumi up`; undefined where it succeeded. */
  readonly failure: string | undefined;
  /** Values in clear that are never shown: they must be in no other text either. */
  readonly hidden: readonly string[];
}
