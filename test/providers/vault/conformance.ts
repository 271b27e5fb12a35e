import { compare, equal } from "../../../sandbox/providers/engine/compare";
import type { PlainMap, PlainValue } from "../../../sandbox/providers/engine/resource-type";
import { isList, isMap } from "../../../sandbox/providers/engine/wire";

/** Differences that are meant, by type and by where they are seen, each with its reason. */
export const EXPLAINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "vault:generic/endpoint:Endpoint": {
    "refreshed inputs: dataJson": "the stand-in keeps the program's own JSON text where it says the same",
    "diff after import: writeData": "the official plugin shows an empty output as added",
  },
  "vault:index/authBackend:AuthBackend": {
    "diff after import: disableRemount": "the official plugin shows its own default as added",
  },
  "vault:kubernetes/authBackendRole:AuthBackendRole": {
    "diff: boundServiceAccountNames[1]":
      "the official plugin names the member of a set, the stand-in the set",
    "diff: boundServiceAccountNames": "as above: the stand-in shows a set as one thing",
  },
};

/** The bridge's own notes in a state, and what differs between any two servers. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  "__defaults",
  "__meta",
  "__pulumi_raw_state_delta",
  "id",
  "accessor",
  "uuid",
  "creation_time",
  "public_key",
]);

const ZEROS: readonly PlainValue[] = ["", 0, false, [], {}];

/** Without bookkeeping, with zero as absent, and lists of texts in order: the rest has to be the same. */
export function comparable(value: PlainValue): PlainValue {
  if (isList(value)) {
    const items = value.map(comparable);
    return items.every((item) => typeof item === "string") ? [...items].sort() : items;
  }
  if (!isMap(value)) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !NOT_COMPARED.has(key))
    .map(([key, inner]): [string, PlainValue] => [
      key,
      /^\d{10}$/.test(String(inner)) ? "a time" : comparable(inner),
    ])
    .filter(([, inner]) => !ZEROS.some((zero) => equal(zero, inner)));
  return Object.fromEntries(kept);
}

/** Where two answers differ: `outputs: tokenTtl`. */
export function disagreements(
  what: string,
  official: PlainMap | undefined,
  standIn: PlainMap | undefined,
): string[] {
  const paths = compare(comparable(official ?? {}), comparable(standIn ?? {})).keys();
  return [...paths].map((path) => `${what}: ${path.replace(/^\["(.*)"\]$/, "$1")}`);
}

export interface Finding {
  readonly type: string;
  readonly compared: number;
  readonly found: readonly string[];
}

/** The recorded table, type by type. */
export function conformanceTable(version: string, findings: readonly Finding[]): string {
  const types = [...new Set(findings.map((finding) => finding.type))];
  const rows = types.map((type) => {
    const mine = findings.filter((finding) => finding.type === type);
    const found = [...new Set(mine.flatMap((finding) => finding.found))].sort();
    const why = found.map(
      (difference) => `\`${difference}\`: ${EXPLAINED[type]?.[difference] ?? "not explained"}`,
    );
    const compared = mine.reduce((sum, finding) => sum + finding.compared, 0);
    return [`\`${type}\``, String(mine.length), String(compared), why.join("<br>") || "none"];
  });
  const table = aligned([["Type", "Cases", "Answers compared", "Differences, and why"], ...rows]);
  return `# The vault stand-in against the official plugin

Recorded by \`test/providers/vault/conformance.test.ts\` (pulumi-vault ${version}, each plugin on a fresh Vault of its own). For every
case both plugins check, create, refresh, import, diff, update and delete the same inputs. Compared are the checked inputs, the ids, the
outputs, the names of secret outputs that have a value, each diff, and what Vault itself then says at the resource's paths.

Not compared, as it means nothing: the bridge's own notes in the state (\`__defaults\`, \`__meta\`, \`id\`), what Vault makes up (accessors,
times, key material), the order within a set, and whether a zero value is written down or left out.

${table}

Beyond the cases, on purpose:

- Both refuse an unknown property and a value of the wrong shape; the stand-in adds the nearest name, and converts nothing (\`"10"\` is no number).
- The stand-in does not make up names: \`name\` is required for policies and keys.
- A replacement in the same place (a mount of another type at the same path) deletes first; the official plugin creates first and fails.
- A policy that was deleted by hand is gone, and is created again; the official plugin reads it as an empty one and updates it.
- Errors are one line, and \`FAILED_PRECONDITION\` where nothing was changed; the official plugin says \`UNKNOWN\` to all, over several lines.
- An \`audience\` taken off a Kubernetes role by hand, a tuned lease time, and the description of a JWT mount are seen as drift; the official
  plugin does not look at them.
- \`authLogin…\`, \`clientAuth\`, \`headers\`, \`caCertDir\` and \`skipTlsVerify\` are refused in the provider's config.
`;
}

/** A Markdown table with its columns aligned, as the formatter would have it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head, " "),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row, " ")),
  ].join("\n");
}
