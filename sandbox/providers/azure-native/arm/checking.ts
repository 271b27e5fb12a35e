import { randomUUID } from "node:crypto";
import { unknownProperties } from "../../engine/known-names";
import type { Checked, InputFailure, PlainMap, PlainValue } from "../../engine/resource-type";
import type { Azure } from "../azure";
import { failuresOf } from "../shape/check";
import { type Fields, text } from "../shape/property";
import type { Definition } from "./definition";
import type { ResourcePath } from "./resource-path";

/** Looks at a program's inputs, and fills in what the official provider does: UUIDs, the location, the API version. */
export class Checking {
  /** What a program may say: the names, and the properties. */
  private readonly fields: Fields;

  constructor(
    private readonly definition: Definition,
    private readonly path: ResourcePath,
  ) {
    const names = path.parameters.map((name) => [name, text] as const);
    this.fields = { ...Object.fromEntries(names), ...definition.properties };
  }

  async check(given: PlainMap, previous: PlainMap | undefined, azure: Azure | undefined): Promise<Checked> {
    const { noun, apiVersion, check } = this.definition;
    const { __defaults: _engine, azureApiVersion, ...said } = given;
    const madeUp = this.madeUpNames(said, previous);
    const inputs = { ...said, ...madeUp, ...(await this.location(said, previous, azure)) };
    const failures = [
      ...versionFailures(azureApiVersion, apiVersion),
      ...this.path.failures(inputs, noun),
      ...failuresOf(this.fields, inputs, `the ${noun}`)
        .filter(({ path }) => !this.isName(path))
        .map(withHint),
    ];
    if (failures.length === 0) failures.push(...(check?.(inputs) ?? []));
    const own: PlainMap = {
      ...(apiVersion !== undefined && { azureApiVersion: apiVersion }),
      ...(Object.keys(madeUp).length > 0 && { __createBeforeDelete: true }),
    };
    return { inputs: { ...inputs, ...own }, failures };
  }

  /** What is wrong with the arguments of the data source, which are the names alone. */
  nameFailures(args: PlainMap): InputFailure[] {
    const { noun } = this.definition;
    return [
      ...unknownProperties(args, this.path.parameters, `a look-up of the ${noun}`),
      ...this.path.failures(args, noun),
    ];
  }

  private isName(path: string): boolean {
    return this.path.parameters.includes(path);
  }

  private madeUpNames(said: PlainMap, previous: PlainMap | undefined): PlainMap {
    const open = this.path.parameters.filter(
      (name) => this.path.rule(name).madeUp && (said[name] ?? undefined) === undefined,
    );
    return Object.fromEntries(open.map((name) => [name, previous?.[name] ?? randomUUID()]));
  }

  private async location(
    said: PlainMap,
    previous: PlainMap | undefined,
    azure: Azure | undefined,
  ): Promise<PlainMap> {
    const row = this.definition.properties.location;
    if (row === undefined || row.outputOnly || (said.location ?? undefined) !== undefined) return {};
    const location = previous?.location ?? (await azure?.locations.locationFor(said));
    return location === undefined ? {} : { location };
  }
}

function withHint(failure: InputFailure): InputFailure {
  const { path, reason } = failure;
  return path === "location" ? { path, reason: `${reason}: set it, or azure-native:location` } : failure;
}

function versionFailures(said: PlainValue | undefined, own: string | undefined): InputFailure[] {
  if (said === undefined || said === null || said === own) return [];
  const path = "azureApiVersion";
  return [{ path, reason: `${path} is ${own ?? "not there"} and cannot be set` }];
}
