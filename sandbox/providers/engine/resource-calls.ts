import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { diffResponse } from "./diff-response";
import { PartialCreateError } from "./partial-create-error";
import type { InputFailure, PlainMap, ResourceType, StandInProvider } from "./resource-type";
import { type Received, type receive, send } from "./wire";

/** Takes a properties message off the wire, so that the caller can clear its secrets from an error message. */
export type Receive = (message: Parameters<typeof receive>[0]) => Received;

/** The calls about one resource. Wire values become plain ones here, and plain ones wire values again. */
export class ResourceCalls<Context> {
  constructor(
    private readonly provider: StandInProvider<Context>,
    private readonly context: () => Context | undefined,
  ) {}

  async check(request: pb.CheckRequest, take: Receive): Promise<pb.CheckResponse> {
    const news = take(request.getNews());
    const olds = take(request.getOlds());
    const previous = Object.keys(olds.values).length === 0 ? undefined : olds.values;
    const type = this.type(request);
    const checked = await type.check(news.values, previous, this.context(), request.getUrn());
    return new pb.CheckResponse()
      .setInputs(this.sendInputs(type, checked.inputs, news))
      .setFailuresList(checked.failures.map(failureMessage));
  }

  diff(request: pb.DiffRequest, take: Receive): pb.DiffResponse {
    const oldInputs = take(request.getOldInputs()).values;
    const newInputs = take(request.getNews()).values;
    const oldState = take(request.getOlds()).values;
    const difference = this.type(request).diff(oldInputs, newInputs, oldState, request.getId());
    return diffResponse(difference, { ...oldState, ...oldInputs }, newInputs);
  }

  async create(request: pb.CreateRequest, take: Receive): Promise<pb.CreateResponse> {
    const type = this.type(request);
    const inputs = take(request.getProperties());
    if (request.getPreview()) {
      const outputs = type.preview?.(inputs.values, undefined) ?? inputs.values;
      return new pb.CreateResponse().setProperties(this.sendOutputs(type, outputs, inputs));
    }
    const { id, outputs } = await marked(type, () =>
      type.create(this.configured(), inputs.values, request.getUrn()),
    );
    return new pb.CreateResponse().setId(id).setProperties(this.sendOutputs(type, outputs, inputs));
  }

  async read(request: pb.ReadRequest, take: Receive): Promise<pb.ReadResponse> {
    const type = this.type(request);
    const inputs = take(request.getInputs());
    const state = take(request.getProperties());
    const imported = Object.keys(state.values).length === 0;
    const live = await type.read(
      this.configured(),
      request.getId(),
      imported ? undefined : inputs.values,
      imported ? undefined : state.values,
    );
    if (live === undefined) return new pb.ReadResponse();
    return new pb.ReadResponse()
      .setId(live.id)
      .setProperties(this.sendOutputs(type, live.outputs, inputs, state))
      .setInputs(this.sendInputs(type, live.inputs, inputs));
  }

  async update(request: pb.UpdateRequest, take: Receive): Promise<pb.UpdateResponse> {
    const type = this.type(request);
    const news = take(request.getNews());
    const oldState = take(request.getOlds());
    const oldInputs = take(request.getOldInputs());
    if (request.getPreview()) {
      const outputs = type.preview?.(news.values, oldState.values) ?? news.values;
      return new pb.UpdateResponse().setProperties(this.sendOutputs(type, outputs, news));
    }
    const outputs = await marked(type, () =>
      type.update(this.configured(), request.getId(), oldState.values, oldInputs.values, news.values),
    );
    return new pb.UpdateResponse().setProperties(this.sendOutputs(type, outputs, news));
  }

  async delete(request: pb.DeleteRequest, take: Receive): Promise<Empty> {
    const state = take(request.getProperties());
    take(request.getOldInputs());
    await this.type(request).delete(this.configured(), request.getId(), state.values);
    return new Empty();
  }

  /** On import nothing is marked: what the type says is all that keeps a secret out of the plain state. */
  private sendInputs(type: ResourceType<Context>, inputs: PlainMap, from: Received) {
    return send(inputs, [...from.secrets, ...(type.secretOutputs ?? [])]);
  }

  /** Outputs are secret where an input of the same name was, and where the type says so. */
  private sendOutputs(type: ResourceType<Context>, outputs: PlainMap, ...from: readonly Received[]) {
    return send(outputs, [...(type.secretOutputs ?? []), ...from.flatMap((part) => [...part.secrets])]);
  }

  private type(request: { getUrn(): string; getType(): string }): ResourceType<Context> {
    const token = request.getType() || tokenOf(request.getUrn());
    const type = this.provider.types.get(token);
    if (type !== undefined) return type;
    const { name, version } = this.provider;
    throw new Error(
      `the ${name} stand-in provider (as ${version}) has no resource type ${token}; it has ${[...this.provider.types.keys()].join(", ")}`,
    );
  }

  private configured(): Context {
    const context = this.context();
    if (context === undefined)
      throw new Error(`the ${this.provider.name} provider was not configured before its use`);
    return context;
  }
}

/** Runs a write; what it leaves behind when it fails has the type's secrets marked. */
async function marked<T>({ secretOutputs = [] }: ResourceType<never>, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof PartialCreateError ? error.withSecrets(secretOutputs) : error;
  }
}

export function failureMessage(failure: InputFailure): pb.CheckFailure {
  return new pb.CheckFailure().setProperty(failure.path).setReason(failure.reason);
}

/** `urn:pulumi:stack::project::parent$token::name` → `token`. */
function tokenOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
