import { code } from "../../preview-comment/markdown/escape";
import { minuteOf } from "../duration";
import type { Log } from "../report-schema";
import { folded, section, table } from "./table";

/** What Vault's audit log tells: what was refused in the open, what was done folded. */
export function logSection(log: Log | undefined): string[] {
  if (log === undefined) return [];
  const { uses, refusedLogins, changes } = log;
  const isDone = ({ result }: Log["uses"][number]) => result === "done";
  const useCells = ({ identity, operation, result, key, by, count, last }: Log["uses"][number]) => [
    code(identity),
    `${code(operation)}${result === "done" ? "" : ` **${result}**`}`,
    code(key),
    by === undefined ? "**no login of the loop**" : code(by),
    String(count),
    minuteOf(last),
  ];
  const heads = ["who", "did", "with", "by", "times", "last"];
  return section("What Vault's audit log tells", [
    ...table(
      heads,
      uses.filter((use) => !isDone(use)),
      useCells,
    ),
    ...table(
      ["refused login", "from", "times", "last"],
      refusedLogins,
      ({ path, addresses, count, last }) => [
        code(path),
        addresses.map((address) => code(address)).join(", "),
        String(count),
        minuteOf(last),
      ],
    ),
    ...folded("Who used the key", table(heads, uses.filter(isDone), useCells)),
    ...folded(
      "Who changed what guards it",
      table(
        ["who", "changed", "by", "times", "last"],
        changes,
        ({ identity, path, operation, count, last }) => [
          code(identity),
          code(path),
          code(operation),
          String(count),
          minuteOf(last),
        ],
      ),
    ),
  ]);
}
