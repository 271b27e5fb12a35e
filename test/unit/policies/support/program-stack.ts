import type { Resource } from "../../../../policies/values/subject";
import type { Program } from "../../program";

/** The program's resources as rules are given them: what it declares, and what it would then be. */
export function stackOf({ children, exported }: Program, stack: string): readonly Resource[] {
  const root = {
    urn: `urn:pulumi:${stack}::sopsloop::pulumi:pulumi:Stack::s`,
    type: "pulumi:pulumi:Stack",
    name: "s",
  };
  return [
    { ...root, inputs: {}, outputs: exported },
    ...children
      .filter(({ type }) => type !== "test:index:Outputs")
      .map(({ urn, type, name, inputs, protect }) => ({
        urn: urn.replace("urn:pulumi:test::", `urn:pulumi:${stack}::`),
        type,
        name,
        inputs,
        isProtected: protect,
      })),
  ];
}
