/** What every property may say, whatever its kind. */
interface About {
  /** The program has to give it. */
  readonly required?: true;
  /** Azure tells it, and nobody sets it. */
  readonly outputOnly?: true;
  /** Azure takes it, and never tells it. */
  readonly writeOnly?: true;
  /** A change needs a new resource. */
  readonly replace?: true;
  /** Azure's name, where the SDK has another. */
  readonly wire?: string;
  /** Azure's objects around it that the SDK leaves out, the outermost first. */
  readonly within?: readonly string[];
}

/**
 * One property as the SDK has it, and how Azure has it. `choice`: an object whose `tag` says which properties it has. `ids`: a
 * list of resource ids as an input, and a map by id for Azure and as an output. `any`: JSON that goes as it is.
 */
export type Property = About &
  (
    | { readonly kind: "text"; readonly oneOf?: readonly string[] }
    | { readonly kind: "integer"; readonly least?: number; readonly most?: number }
    | { readonly kind: "number" | "flag" | "asset" | "ids" | "any" }
    | { readonly kind: "list" | "map"; readonly of: Property }
    | { readonly kind: "object"; readonly fields: Fields }
    | { readonly kind: "choice"; readonly tag: string; readonly cases: Readonly<Record<string, Fields>> }
  );

/** The properties of a resource, or of an object in it, by the SDK's names. */
export type Fields = Readonly<Record<string, Property>>;

export const text = { kind: "text" } as const satisfies Property;
export const integer = { kind: "integer" } as const satisfies Property;
export const flag = { kind: "flag" } as const satisfies Property;
export const anything = { kind: "any" } as const satisfies Property;
export const texts = { kind: "list", of: text } as const satisfies Property;
export const textMap = { kind: "map", of: text } as const satisfies Property;

export function object(fields: Fields): { readonly kind: "object"; readonly fields: Fields } {
  return { kind: "object", fields };
}

export function listOf(of: Property): { readonly kind: "list"; readonly of: Property } {
  return { kind: "list", of };
}

export function required<Row extends Property>(row: Row): Row & { readonly required: true } {
  return { ...row, required: true };
}

/** The same properties, inside Azure's object `properties`. */
export function inProperties(fields: Fields): Fields {
  return mapped(fields, (row) => ({ ...row, within: ["properties", ...(row.within ?? [])] }));
}

/** The same properties as outputs alone. */
export function outputs(fields: Fields): Fields {
  return mapped(fields, (row) => ({ ...row, outputOnly: true }));
}

function mapped(fields: Fields, change: (row: Property) => Property): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, row]) => [name, change(row)]));
}

/** The properties of an object with this content; of a `choice`, those of the case that its tag names. */
export function fieldsOf(row: Property, content: Readonly<Record<string, unknown>>): Fields | undefined {
  if (row.kind === "object") return row.fields;
  return row.kind === "choice" ? row.cases[String(content[row.tag])] : undefined;
}
