import {
  type Fields,
  fieldsOf,
  type Property,
} from "../../../../sandbox/providers/azure-native/shape/property";
import type { SdkModule, SdkProperties, SdkType, Side } from "./sdk-types";

/** What a table has otherwise than the SDK, by property path. */
export interface Comparison {
  readonly wrong: string[];
  /** Properties of the SDK that the table does not have. */
  readonly missing: string[];
}

/** Compares a table with the SDK's declarations, down to the innermost object. */
export class Surface {
  readonly result: Comparison = { wrong: [], missing: [] };

  constructor(
    private readonly sdk: SdkModule,
    private readonly side: Side,
  ) {}

  compare(table: Fields, properties: SdkProperties, at = ""): void {
    const rows = Object.entries(table).filter(([, row]) =>
      this.side === "input" ? !row.outputOnly : !row.writeOnly,
    );
    for (const [name, row] of rows) {
      const found = properties.get(name);
      const path = `${at}${name}`;
      if (found === undefined) {
        this.result.wrong.push(`${path} is not in the SDK`);
        continue;
      }
      // The provider fills the location in; the SDK cannot ask for it.
      if (this.side === "input" && name !== "location" && (row.required === true) !== found.required)
        this.result.wrong.push(`${path} is ${found.required ? "" : "not "}required in the SDK`);
      this.compareType(row, found.type, path);
    }
    const known = rows.map(([name]) => name);
    this.result.missing.push(
      ...[...properties.keys()].filter((name) => !known.includes(name)).map((name) => `${at}${name}`),
    );
  }

  private compareType(row: Property, type: SdkType, path: string): void {
    const expected = this.kindOf(row);
    if (type.kind !== expected) {
      this.result.wrong.push(`${path} is ${type.kind} in the SDK, and ${row.kind} in the table`);
      return;
    }
    if ((row.kind === "list" || row.kind === "map") && (type.kind === "list" || type.kind === "map"))
      this.compareType(row.of, type.of, `${path}[]`);
    if (type.kind === "object") this.compareObjects(row, type.of, path);
  }

  private compareObjects(row: Property, names: readonly string[], path: string): void {
    if (row.kind === "object") {
      const [name = ""] = names;
      const filled = this.side === "input" ? this.sdk.filledIn(name) : [];
      const refused = filled.filter((property) => row.fields[property] === undefined);
      this.result.wrong.push(...refused.map((property) => `${path}.${property} is filled in by the SDK`));
      this.compare(row.fields, this.sdk.nested(name, this.side), `${path}.`);
      return;
    }
    if (row.kind !== "choice") return;
    const suffix = this.side === "input" ? "Args" : "Response";
    for (const [tag, fields] of Object.entries(row.cases)) {
      const name = names.find((candidate) => candidate.startsWith(tag) && candidate.endsWith(suffix));
      if (name === undefined) this.result.wrong.push(`${path} has no case ${tag} in the SDK`);
      else
        this.compare(
          fieldsOf(row, { [row.tag]: tag }) ?? fields,
          this.sdk.nested(name, this.side),
          `${path}<${tag}>.`,
        );
    }
    const cases = Object.keys(row.cases);
    const missing = names.filter((name) => !cases.some((tag) => name.startsWith(tag)));
    this.result.missing.push(...missing.map((name) => `${path}<${name}>`));
  }

  private kindOf({ kind }: Property): SdkType["kind"] {
    switch (kind) {
      case "integer":
        return "number";
      case "choice":
        return "object";
      case "ids":
        return this.side === "input" ? "list" : "map";
      default:
        return kind;
    }
  }
}
