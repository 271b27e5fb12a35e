import { unknownProperties } from "../engine/known-names";
import { PartialCreateError } from "../engine/partial-create-error";
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
} from "../engine/resource-type";
import { UnknownOutcomeError } from "../engine/unknown-outcome-error";
import type { Definition } from "./definition";
import { failureOf, type Property, spokenDefault } from "./property";
import { defined, Table } from "./table";
import type { VaultClient } from "./vault-client";
import { VaultError } from "./vault-error";

/** A resource type of the stand-in from its table. */
export class TableType implements ResourceType<VaultClient> {
  readonly token: string;
  readonly secretOutputs: readonly string[];
  private readonly table: Table;

  constructor(private readonly definition: Definition) {
    this.token = definition.token;
    this.table = new Table(definition);
    this.secretOutputs = this.table.rows.filter(([, row]) => row.secret).map(([name]) => name);
  }

  check(given: PlainMap): Checked {
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
      } else if (row.required) {
        failures.push({ path: name, reason: `the ${definition.noun} needs ${name}` });
      } else {
        const filledIn = spokenDefault(row);
        if (filledIn !== undefined) inputs[name] = filledIn;
      }
    }
    if (failures.length === 0) failures.push(...(definition.check?.(inputs) ?? []));
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
    const samePlace = this.definition.identity.every(
      (name) =>
        this.table.changedPaths(name, this.table.row(name), { ...oldInputs, ...oldState }, newInputs)
          .length === 0,
    );
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

  async create(provider: VaultClient, inputs: PlainMap): Promise<Stored> {
    const vault = provider.in(inputs.namespace);
    const id = this.definition.idOf(inputs);
    const written = await this.definition.create(vault, id, inputs);
    const outputs = await this.afterWrite(vault, id, inputs, { ...this.table.stored(inputs), ...written });
    return { id, outputs };
  }

  async read(
    provider: VaultClient,
    id: string,
    inputs: PlainMap | undefined,
    state: PlainMap | undefined,
  ): Promise<Live | undefined> {
    const told = await this.tell(provider.in(state?.namespace), id, state);
    if (told === undefined) return undefined;
    const outputs = this.table.kept({ ...state, ...told });
    return { id, outputs, inputs: this.table.liveInputs(inputs, outputs) };
  }

  async update(
    provider: VaultClient,
    id: string,
    oldState: PlainMap,
    oldInputs: PlainMap,
    inputs: PlainMap,
  ): Promise<PlainMap> {
    if (this.definition.update === undefined)
      throw new Error(`a ${this.definition.noun} cannot be changed in place`);
    const vault = provider.in(inputs.namespace);
    const state = { ...oldInputs, ...oldState };
    const changed = new Set(
      this.table.rows
        .filter(([name, row]) => this.table.changedPaths(name, row, state, inputs).length > 0)
        .map(([name]) => name),
    );
    const written = await this.definition.update(vault, id, { inputs, state, changed });
    const kept = this.table.rows.filter(([name, row]) => row.computed || row.outputOnly || name in inputs);
    const known = defined(kept.map(([name]) => [name, inputs[name] ?? oldState[name]]));
    return this.afterWrite(vault, id, inputs, { ...this.table.stored(known), ...written });
  }

  async delete(provider: VaultClient, id: string, state: PlainMap): Promise<void> {
    try {
      await this.definition.delete(provider.in(state.namespace), id, state);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** The write is done: from here on a failure leaves something behind. */
  private async afterWrite(
    vault: VaultClient,
    id: string,
    inputs: PlainMap,
    known: PlainMap,
  ): Promise<PlainMap> {
    let told: PlainMap | undefined;
    try {
      told = await this.definition.read(vault, id, known);
    } catch (error) {
      throw new PartialCreateError(
        `written, but ${error instanceof Error ? error.message : error}`,
        id,
        inputs,
        known,
      );
    }
    if (told === undefined)
      throw new UnknownOutcomeError(`Vault took ${id}, but does not have it when asked`);
    return this.table.stored({ ...known, ...told });
  }

  private async tell(
    vault: VaultClient,
    id: string,
    state: PlainMap | undefined,
  ): Promise<PlainMap | undefined> {
    try {
      return await this.definition.read(vault, id, state);
    } catch (error) {
      if (isGone(error)) return undefined;
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

/** Not there any more, or the mount that it was in is not. */
function isGone(error: unknown): boolean {
  if (!(error instanceof VaultError)) return false;
  return (
    error.status === 404 ||
    error.says("no matching mount") ||
    error.says("mount at") ||
    error.says("not found")
  );
}
