import { hasUnknown } from "../compare";
import type { PlainMap, PlainValue } from "../resource-type";
import { isMap } from "../wire";
import type { Definition } from "./definition";
import { differences, normal, type Property, withoutZeros } from "./property";

/** The properties of a resource type, and how values of them are compared, kept and told back. */
export class Table {
  readonly rows: readonly (readonly [string, Property])[];

  constructor(private readonly definition: Pick<Definition<never>, "token" | "properties" | "computed">) {
    this.rows = Object.entries(definition.properties);
  }

  /** Paths of one property that differ between what is and what is wanted. */
  changedPaths(name: string, row: Property, before: PlainMap, after: PlainMap): string[] {
    const wanted = after[name];
    if (row.outputOnly || row.writeOnly) return [];
    if (wanted === undefined && this.isComputed(name, row, after)) return [];
    if (hasUnknown(wanted)) return differences(name, row, before[name] ?? null, wanted ?? null);
    return differences(name, row, normal(row, before[name]), normal(row, wanted));
  }

  /** What a program would have to say to get this: all that it said, as it now is, and what differs from the default. */
  liveInputs(inputs: PlainMap | undefined, outputs: PlainMap): PlainMap {
    const live: Record<string, PlainValue> = {};
    for (const [name, row] of this.rows) {
      const said = inputs?.[name];
      const value = row.writeOnly ? said : outputs[name];
      if (value === undefined || row.outputOnly) continue;
      const differs = differences(name, row, said ?? null, value).length > 0;
      if (said !== undefined) live[name] = differs ? value : said;
      else if (differs && (inputs === undefined || !this.isComputed(name, row, outputs))) {
        live[name] = row.kind === "fields" && isMap(value) ? withoutZeros(value) : value;
      } else if (row.required) live[name] = value;
    }
    return live;
  }

  /** Values as the state keeps them after a write, defaults filled in. */
  stored(values: PlainMap): PlainMap {
    const defaults = defined(this.rows.map(([name, row]) => [name, row.default]));
    return this.kept({ ...defaults, ...values });
  }

  /** Nothing that is write-only, and nothing that is not in the table. */
  kept(values: PlainMap): PlainMap {
    const rows = this.rows.filter(([, row]) => !row.writeOnly);
    return defined(rows.map(([name]) => [name, values[name]]));
  }

  /** Throws when the table has no such property. */
  row(name: string): Property {
    const row = this.definition.properties[name];
    if (row === undefined) throw new Error(`${this.definition.token} has no property ${name}`);
    return row;
  }

  private isComputed(name: string, row: Property, inputs: PlainMap): boolean {
    return this.definition.computed?.(name, inputs) ?? row.computed === true;
  }
}

/** Without the entries that have no value. */
export function defined(entries: readonly (readonly [string, PlainValue | undefined])[]): PlainMap {
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, PlainValue] => entry[1] !== undefined),
  );
}
