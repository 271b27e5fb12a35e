import { PartialCreateError } from "../../engine/partial-create-error";
import type { Checked, Difference, Live, PlainMap, ResourceType, Stored } from "../../engine/resource-type";
import { UnknownOutcomeError } from "../../engine/unknown-outcome-error";
import type { Azure } from "../azure";
import { fromBody, toBody } from "../shape/body";
import { drifted } from "../shape/drift";
import { previewOf } from "../shape/preview";
import { Checking } from "./checking";
import type { Definition } from "./definition";
import { differenceOf } from "./difference";
import { ResourcePath } from "./resource-path";
import { UnfinishedError } from "./unfinished-error";
import { without } from "./without";

/** A resource type of the stand-in from its definition: PUT, GET and DELETE of one id, as the official provider does it. */
export class ArmType implements ResourceType<Azure> {
  readonly token: string;
  readonly secretOutputs: readonly string[];
  private readonly path: ResourcePath;
  private readonly checking: Checking;

  constructor(private readonly definition: Definition) {
    this.token = definition.token;
    this.secretOutputs = definition.secretOutputs ?? [];
    this.path = new ResourcePath(definition.path, definition.names);
    this.checking = new Checking(definition, this.path);
  }

  check(inputs: PlainMap, previous: PlainMap | undefined, azure: Azure | undefined): Promise<Checked> {
    return this.checking.check(inputs, previous, azure);
  }

  diff(oldInputs: PlainMap, newInputs: PlainMap): Difference {
    this.definition.guard?.(oldInputs, newInputs);
    return differenceOf(this.definition.properties, this.path.parameters, oldInputs, newInputs);
  }

  /** What the inputs say of the outputs, by way of what Azure would be sent. */
  preview(inputs: PlainMap, oldState: PlainMap | undefined): PlainMap {
    const { properties, outputs = properties } = this.definition;
    const said = outputs === properties ? inputs : fromBody(outputs, toBody(properties, inputs), "outputs");
    return { ...previewOf(outputs, said, oldState), ...this.apiVersion };
  }

  async create(azure: Azure, inputs: PlainMap): Promise<Stored> {
    const id = this.path.idOf(inputs, azure.subscriptionId);
    if (!this.definition.comesWithParent && (await this.find(azure, id)) !== undefined)
      throw new Error(`the ${this.named(id)} is there already: import it by the id ${id}`);
    const { properties } = this.definition;
    const body = this.prepared(toBody(properties, inputs), undefined);
    const answered = await this.write(azure, id, body, inputs, true);
    const found = typeof answered.id === "string" ? answered.id : id;
    return { id: found, outputs: await this.afterWrite(azure, found, inputs) };
  }

  async read(
    azure: Azure,
    id: string,
    inputs: PlainMap | undefined,
    state: PlainMap | undefined,
  ): Promise<Live | undefined> {
    const said = inputs ?? this.path.inputsIn(id);
    const body = await this.find(azure, id);
    if (body === undefined) return undefined;
    const outputs = this.told(body);
    if (inputs === undefined || state === undefined)
      return { id, outputs, inputs: { ...said, ...fromBody(this.definition.properties, body, "inputs") } };
    const before = this.asInputs(state, inputs);
    return { id, outputs, inputs: drifted(inputs, before, this.asInputs(outputs, inputs)) };
  }

  async update(
    azure: Azure,
    id: string,
    oldState: PlainMap,
    _oldInputs: PlainMap,
    inputs: PlainMap,
  ): Promise<PlainMap> {
    const { properties, resetTo = {}, prepare } = this.definition;
    const dropped = Object.entries(resetTo).filter(([name]) => !(name in inputs) && name in oldState);
    const there = prepare === undefined ? undefined : await this.find(azure, id);
    const body = this.prepared(toBody(properties, { ...Object.fromEntries(dropped), ...inputs }), there);
    await this.write(azure, id, body, inputs, false);
    return this.afterWrite(azure, id, inputs);
  }

  async delete(azure: Azure, id: string): Promise<void> {
    const { apiVersion = "" } = this.definition;
    await (this.definition.delete?.(azure, id) ??
      azure.arm.delete(id, apiVersion, `delete ${this.named(id)}`));
  }

  /** What the data source of the same type tells. Throws one line when there is no such thing. */
  async get(azure: Azure, args: PlainMap): Promise<PlainMap> {
    const [failure] = this.checking.nameFailures(args);
    if (failure !== undefined) throw new Error(failure.reason);
    const id = this.path.idOf(args, azure.subscriptionId);
    const body = await this.find(azure, id);
    if (body === undefined) throw new Error(`there is no ${this.named(id)}`);
    return { ...this.told(body), id: typeof body.id === "string" ? body.id : id };
  }

  private async find(azure: Azure, id: string): Promise<PlainMap | undefined> {
    const { apiVersion = "" } = this.definition;
    return this.definition.read?.(azure, id) ?? azure.arm.get(id, apiVersion, `read ${this.named(id)}`);
  }

  /** What is left behind by an operation that began is recorded, so that the next update goes on from there. */
  private async write(
    azure: Azure,
    id: string,
    body: PlainMap,
    inputs: PlainMap,
    isNew: boolean,
  ): Promise<PlainMap> {
    const { apiVersion = "", write } = this.definition;
    const doing = `${isNew ? "create" : "change"} ${this.named(id)}`;
    try {
      return await (write?.(azure, id, body, inputs, isNew) ?? azure.arm.put(id, apiVersion, body, doing));
    } catch (error) {
      if (!(error instanceof UnfinishedError)) throw error;
      const left = await this.find(azure, id).catch(() => ({}));
      if (left === undefined) throw error;
      throw new PartialCreateError(error.message, id, inputs, this.told(left));
    }
  }

  /** Azure's answer to a write is not always all that it tells later. */
  private async afterWrite(azure: Azure, id: string, inputs: PlainMap): Promise<PlainMap> {
    const body = await this.find(azure, id).catch((error: unknown) => {
      const reason = `written, but ${error instanceof Error ? error.message : String(error)}`;
      throw new PartialCreateError(reason, id, inputs, {});
    });
    if (body === undefined)
      throw new UnknownOutcomeError(`Azure took ${id}, but does not have it when asked`);
    return this.told(body);
  }

  private prepared(body: PlainMap, there: PlainMap | undefined): PlainMap {
    return this.definition.prepare?.(body, there) ?? body;
  }

  private told(body: PlainMap): PlainMap {
    const { properties, outputs = properties } = this.definition;
    return { ...fromBody(outputs, body, "outputs"), ...this.apiVersion };
  }

  /** Outputs as a program would say them, without what it leaves to others. */
  private asInputs(state: PlainMap, inputs: PlainMap): PlainMap {
    const { properties, outputs = properties, othersMay = [] } = this.definition;
    const view = fromBody(properties, toBody(outputs, state), "inputs");
    return without(view, othersMay, inputs);
  }

  private get apiVersion(): PlainMap {
    const { apiVersion } = this.definition;
    return apiVersion === undefined ? {} : { azureApiVersion: apiVersion };
  }

  /** `key vault kv-sops-dev`. */
  private named(id: string): string {
    return `${this.definition.noun} ${decodeURIComponent(id.split("/").at(-1) ?? id)}`;
  }
}
