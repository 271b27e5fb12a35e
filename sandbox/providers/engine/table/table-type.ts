import { randomBytes } from "node:crypto";
import { unknownProperties } from "../known-names";
import { PartialCreateError } from "../partial-create-error";
import type {
  ChangeKind,
  Checked,
  Difference,
  InputFailure,
  Live,
  PlainMap,
  PlainValue,
  ResourceType,
  Stored,
} from "../resource-type";
import { UnknownOutcomeError } from "../unknown-outcome-error";
import type { Definition } from "./definition";
import { failureOf, type Property, spokenDefault } from "./property";
import { defined, Table } from "./table";

/** What differs from server to server. */
export interface ServerWords {
  /** As in "Vault took it". */
  readonly name: string;
  /** True for the error of a thing that is not there any more, or whose container is not. */
  isGone(error: unknown): boolean;
}

/** A resource type of a stand-in from its table. */
export class TableType<Client> implements ResourceType<Client> {
  readonly token: string;
  readonly secretOutputs: readonly string[];
  private readonly table: Table;

  constructor(
    private readonly definition: Definition<Client>,
    private readonly server: ServerWords,
  ) {
    this.token = definition.token;
    this.table = new Table(definition);
    this.secretOutputs = this.table.rows.filter(([, row]) => row.secret).map(([name]) => name);
  }

  async check(
    given: PlainMap,
    previous: PlainMap | undefined,
    client: Client | undefined,
    urn: string,
  ): Promise<Checked> {
    const { definition } = this;
    const inputs: Record<string, PlainValue> = { ...given };
    delete inputs.__defaults;
    const settable = this.table.rows.filter(([, row]) => !row.outputOnly).map(([name]) => name);
    const failures: InputFailure[] = unknownProperties(inputs, settable, `the ${definition.noun}`);
    for (const [name, row] of this.table.rows) {
      const value = inputs[name];
      if (value !== undefined) {
        const failure = failureOf(name, row, value) ?? this.conflict(name, row, inputs);
        if (failure !== undefined) failures.push(failure);
      } else if (row.autoName) {
        inputs[name] = previous?.[name] ?? madeUpName(urn);
      } else if (row.required) {
        failures.push({ path: name, reason: `the ${definition.noun} needs ${name}` });
      } else {
        const filledIn = spokenDefault(row);
        if (filledIn !== undefined) inputs[name] = filledIn;
      }
    }
    if (failures.length === 0) failures.push(...((await definition.check?.(inputs, client)) ?? []));
    return { inputs, failures };
  }

  diff(oldInputs: PlainMap, newInputs: PlainMap, oldState: PlainMap): Difference {
    this.definition.guard?.(newInputs, oldState);
    const changes = new Map<string, ChangeKind>();
    for (const [name, row] of this.table.rows) {
      for (const path of this.table.changedPaths(name, row, { ...oldInputs, ...oldState }, newInputs)) {
        changes.set(path, row.replace || this.definition.update === undefined ? "replace" : "update");
      }
    }
    const replaced = [...changes.values()].includes("replace");
    const { identity } = this.definition;
    const stays = (name: string): boolean =>
      this.table.changedPaths(name, this.table.row(name), { ...oldInputs, ...oldState }, newInputs).length ===
      0;
    const samePlace = identity.length > 0 && identity.every(stays);
    return { changes, deleteBeforeReplace: replaced && samePlace };
  }

  preview(inputs: PlainMap, oldState: PlainMap | undefined): PlainMap {
    const outputs: Record<string, PlainValue> = {};
    for (const [name, row] of this.table.rows) {
      const value = inputs[name] ?? (row.computed || row.outputOnly ? oldState?.[name] : undefined);
      if (value !== undefined && !row.writeOnly) outputs[name] = value;
    }
    return outputs;
  }

  async create(client: Client, inputs: PlainMap): Promise<Stored> {
    const { id, told } = await this.definition.create(client, inputs);
    return {
      id,
      outputs: await this.afterWrite(client, id, inputs, { ...this.table.stored(inputs), ...told }),
    };
  }

  async read(
    client: Client,
    id: string,
    inputs: PlainMap | undefined,
    state: PlainMap | undefined,
  ): Promise<Live | undefined> {
    const told = await this.tell(client, id, state);
    if (told === undefined) return undefined;
    const outputs = this.table.kept({ ...state, ...told });
    const found = this.definition.idIn?.(told) ?? id;
    return { id: found, outputs, inputs: this.table.liveInputs(inputs, outputs) };
  }

  async update(
    client: Client,
    id: string,
    oldState: PlainMap,
    oldInputs: PlainMap,
    inputs: PlainMap,
  ): Promise<PlainMap> {
    if (this.definition.update === undefined)
      throw new Error(`a ${this.definition.noun} cannot be changed in place`);
    const state = { ...oldInputs, ...oldState };
    const changed = new Set(
      this.table.rows
        .filter(([name, row]) => this.table.changedPaths(name, row, state, inputs).length > 0)
        .map(([name]) => name),
    );
    const written = await this.definition.update(client, id, { inputs, state, changed });
    const kept = this.table.rows.filter(([name, row]) => row.computed || row.outputOnly || name in inputs);
    const known = defined(kept.map(([name]) => [name, inputs[name] ?? oldState[name]]));
    return this.afterWrite(client, id, inputs, { ...this.table.stored(known), ...written });
  }

  async delete(client: Client, id: string, state: PlainMap): Promise<void> {
    try {
      await this.definition.delete(client, id, state);
    } catch (error) {
      if (!this.server.isGone(error)) throw error;
    }
  }

  /** The write is done: from here on a failure leaves something behind. */
  private async afterWrite(client: Client, id: string, inputs: PlainMap, known: PlainMap): Promise<PlainMap> {
    let told: PlainMap | undefined;
    try {
      told = await this.definition.read(client, id, known);
    } catch (error) {
      throw new PartialCreateError(
        `written, but ${error instanceof Error ? error.message : error}`,
        id,
        inputs,
        known,
      );
    }
    if (told === undefined)
      throw new UnknownOutcomeError(`${this.server.name} took ${id}, but does not have it when asked`);
    return this.table.stored({ ...known, ...told });
  }

  private async tell(client: Client, id: string, state: PlainMap | undefined): Promise<PlainMap | undefined> {
    try {
      return await this.definition.read(client, id, state);
    } catch (error) {
      if (this.server.isGone(error)) return undefined;
      throw error;
    }
  }

  private conflict(name: string, row: Property, inputs: PlainMap): InputFailure | undefined {
    const other = row.conflicts?.find((candidate) => inputs[candidate] !== undefined);
    return other === undefined
      ? undefined
      : { path: name, reason: `${name} and ${other} cannot both be set` };
  }
}

/** The resource's name with a random end, as the official providers make names. */
function madeUpName(urn: string): string {
  const name = urn.split("::").slice(3).join("::");
  return `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}
