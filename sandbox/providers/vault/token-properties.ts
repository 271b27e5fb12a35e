import type { PlainMap, PlainValue } from "../engine/resource-type";
import { type Property, toApi, zeroOf } from "../engine/table/property";
import { isList } from "../engine/wire";

/** Rows of every role that hands out tokens. */
export const tokenProperties = {
  tokenBoundCidrs: { kind: "set" },
  tokenExplicitMaxTtl: { kind: "integer" },
  tokenMaxTtl: { kind: "integer" },
  tokenNoDefaultPolicy: { kind: "flag" },
  tokenNumUses: { kind: "integer" },
  tokenPeriod: { kind: "integer" },
  tokenPolicies: { kind: "set" },
  tokenTtl: { kind: "integer" },
  tokenType: { kind: "text", default: "default" },
  aliasMetadata: { kind: "map" },
} as const satisfies Record<string, Property>;

const NAMES = Object.keys(tokenProperties) as readonly (keyof typeof tokenProperties)[];

/** On creation: what the program says. Afterwards: what changed, with zero for what it no longer says. */
export function tokenBody(inputs: PlainMap, changed?: ReadonlySet<string>): PlainMap {
  if (changed === undefined) return toApi(inputs, NAMES);
  const names = NAMES.filter((name) => changed.has(name));
  const zeros = Object.fromEntries(
    names.map((name): [string, PlainValue] => [name, zeroOf(tokenProperties[name])]),
  );
  return toApi({ ...zeros, ...inputs }, names);
}

/** Vault shortens `10.0.0.1/32` to `10.0.0.1`: the mask is put back, unless the program left it out as well. */
export function withMasks(
  cidrs: PlainValue | undefined,
  known: PlainValue | undefined,
): readonly PlainValue[] {
  const said = isList(known) ? known : [];
  return (isList(cidrs) ? cidrs : []).map((cidr) => {
    if (typeof cidr !== "string" || cidr.includes("/") || said.includes(cidr)) return cidr;
    return cidr.includes(":") ? `${cidr}/128` : `${cidr}/32`;
  });
}
