/**
 * What a variable holds: one line of text, text of several lines, bytes as base64, or the name of a file with the value in it, as
 * GitLab has for variables of type file.
 */
export const FORMS = ["line", "lines", "base64", "file"] as const;
export type Form = (typeof FORMS)[number];

/** One key of a Secret and the variable that its value comes from. */
export interface DeclaredKey {
  readonly key: string;
  readonly variable: string;
  readonly form: Form;
  /** Whether the key is left out where the variable is not set. */
  readonly optional: boolean;
}

/** A Secret that the mapping file declares. */
export interface DeclaredSecret {
  readonly name: string;
  /** Absent where neither the mapping nor the command line names one: Flux then decides. */
  readonly namespace?: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In the order of the mapping; never empty. */
  readonly keys: readonly DeclaredKey[];
  /** Where it is written: relative to the chart's folder, with `/`. */
  readonly file: string;
  /** Mapping file and line, for errors: `secrets.yaml:3`. Finding out takes a while. */
  readonly where: () => string;
}

/** `shop/database`, or `database` without a namespace. */
export function titleOf({ namespace, name }: Pick<DeclaredSecret, "namespace" | "name">): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
