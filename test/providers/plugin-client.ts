import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ProviderServer } from "../../sandbox/providers/engine/provider-server";
import type { PlainMap, StandInProvider } from "../../sandbox/providers/engine/resource-type";
import { receive, send } from "../../sandbox/providers/engine/wire";

export interface Resource {
  readonly id: string;
  readonly inputs: PlainMap;
  readonly outputs: PlainMap;
}

export interface Diffed {
  readonly changed: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Property path to the kind of its change, as in `UPDATE_REPLACE`. */
  readonly detailed: Readonly<Record<string, string>>;
}

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** Speaks to a provider plugin as Pulumi's engine does, in plain values. */
export class PluginClient {
  private readonly client: ResourceProviderClient;
  /** Top-level outputs that came marked as secret in the last answer. */
  secretOutputs: ReadonlySet<string> = new Set();
  /** Top-level inputs that came marked as secret in the last answer to a read. */
  secretInputs: ReadonlySet<string> = new Set();

  private constructor(
    port: number,
    private readonly end: () => Promise<void>,
  ) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** A stand-in within this process. */
  static async inProcess<Context>(provider: StandInProvider<Context>): Promise<PluginClient> {
    const server = new ProviderServer(provider);
    return new PluginClient(await server.listen(), async () => server.close());
  }

  /** A plugin's executable, with the address of an engine that is not there. */
  static async spawned(
    command: string,
    argv: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<PluginClient> {
    const child = spawn(command, [...argv], { env, stdio: ["ignore", "pipe", "ignore"] });
    return new PluginClient(await portOf(child), async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await this.end();
  }

  async checkConfig(config: PlainMap): Promise<readonly string[]> {
    const request = new pb.CheckRequest().setUrn(urnOf("pulumi:providers:vault", "p")).setNews(send(config));
    const response = await call<pb.CheckResponse>((done) => this.client.checkConfig(request, done));
    this.taken(response.getInputs());
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  async diffConfig(before: PlainMap, after: PlainMap): Promise<Diffed> {
    const request = new pb.DiffRequest()
      .setOldInputs(send(before))
      .setOlds(send(before))
      .setNews(send(after));
    return diffed(await call<pb.DiffResponse>((done) => this.client.diffConfig(request, done)));
  }

  async configure(config: PlainMap): Promise<void> {
    const request = new pb.ConfigureRequest()
      .setArgs(send(config))
      .setAcceptsecrets(true)
      .setSendsOldInputs(true)
      .setSendsOldInputsToDelete(true);
    for (const [key, value] of Object.entries(config))
      request.getVariablesMap().set(`vault:config:${key}`, String(value));
    await call<pb.ConfigureResponse>((done) => this.client.configure(request, done));
  }

  /** `previous` are the inputs of the last update, as the engine sends them. */
  async check(
    type: string,
    inputs: PlainMap,
    secrets: readonly string[] = [],
    previous: PlainMap = {},
  ): Promise<PlainMap> {
    const { checked, failures } = await this.checkOnly(type, inputs, secrets, previous);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return checked;
  }

  async checkOnly(
    type: string,
    inputs: PlainMap,
    secrets: readonly string[] = [],
    previous: PlainMap = {},
  ): Promise<{ checked: PlainMap; failures: readonly string[] }> {
    const request = new pb.CheckRequest()
      .setUrn(urnOf(type))
      .setOlds(send(previous))
      .setNews(send(inputs, secrets))
      .setRandomseed(new Uint8Array(32));
    const response = await call<pb.CheckResponse>((done) => this.client.check(request, done));
    return {
      checked: this.taken(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
    };
  }

  async diff(type: string, old: Resource, inputs: PlainMap): Promise<Diffed> {
    const request = new pb.DiffRequest()
      .setUrn(urnOf(type))
      .setId(old.id)
      .setOlds(send(old.outputs))
      .setOldInputs(send(old.inputs))
      .setNews(send(inputs));
    return diffed(await call<pb.DiffResponse>((done) => this.client.diff(request, done)));
  }

  /** Check, then create. */
  async create(type: string, inputs: PlainMap, secrets: readonly string[] = []): Promise<Resource> {
    const checked = await this.check(type, inputs, secrets);
    const request = new pb.CreateRequest().setUrn(urnOf(type)).setProperties(send(checked, secrets));
    const response = await call<pb.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), inputs: checked, outputs: this.taken(response.getProperties()) };
  }

  /** What a preview would show of a new resource. */
  async previewCreate(type: string, inputs: PlainMap, secrets: readonly string[] = []): Promise<PlainMap> {
    const request = new pb.CreateRequest()
      .setUrn(urnOf(type))
      .setProperties(send(inputs, secrets))
      .setPreview(true);
    return this.taken(
      (await call<pb.CreateResponse>((done) => this.client.create(request, done))).getProperties(),
    );
  }

  async update(type: string, old: Resource, inputs: PlainMap, preview = false): Promise<Resource> {
    const checked = await this.check(type, inputs, [], old.inputs);
    const request = new pb.UpdateRequest()
      .setUrn(urnOf(type))
      .setId(old.id)
      .setOlds(send(old.outputs))
      .setOldInputs(send(old.inputs))
      .setNews(send(checked))
      .setPreview(preview);
    const response = await call<pb.UpdateResponse>((done) => this.client.update(request, done));
    return { id: old.id, inputs: checked, outputs: this.taken(response.getProperties()) };
  }

  /** A refresh of what is known, or an import when only the id is. */
  async read(type: string, known: Resource | string): Promise<Resource | undefined> {
    const request = new pb.ReadRequest()
      .setUrn(urnOf(type))
      .setId(typeof known === "string" ? known : known.id);
    if (typeof known !== "string") request.setProperties(send(known.outputs)).setInputs(send(known.inputs));
    const response = await call<pb.ReadResponse>((done) => this.client.read(request, done));
    if (response.getId() === "") return undefined;
    const { values: inputs, secrets } = receive(response.getInputs(), true);
    this.secretInputs = secrets;
    return { id: response.getId(), inputs, outputs: this.taken(response.getProperties()) };
  }

  async delete(type: string, old: Resource): Promise<void> {
    const request = new pb.DeleteRequest()
      .setUrn(urnOf(type))
      .setId(old.id)
      .setProperties(send(old.outputs))
      .setOldInputs(send(old.inputs));
    await call<Empty>((done) => this.client.delete(request, done));
  }

  async version(): Promise<string> {
    type Info = { getVersion(): string };
    return (await call<Info>((done) => this.client.getPluginInfo(new Empty(), done))).getVersion();
  }

  async handshake(): Promise<boolean> {
    const request = new pb.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1");
    return (
      await call<pb.ProviderHandshakeResponse>((done) => this.client.handshake(request, done))
    ).getAcceptSecrets();
  }

  async invoke(token: string, args: PlainMap): Promise<PlainMap> {
    const request = new pb.InvokeRequest().setTok(token).setArgs(send(args));
    const response = await call<pb.InvokeResponse>((done) => this.client.invoke(request, done));
    return receive(response.getReturn()).values;
  }

  private taken(message: Parameters<typeof receive>[0]): PlainMap {
    const { values, secrets } = receive(message, true);
    this.secretOutputs = secrets;
    return values;
  }
}

function urnOf(type: string, name = "it"): string {
  return `urn:pulumi:test::sopsloop::${type}::${name}`;
}

function diffed(response: pb.DiffResponse): Diffed {
  const kinds = Object.fromEntries(
    Object.entries(pb.PropertyDiff.Kind).map(([name, number]) => [number, name]),
  );
  const detailed: Record<string, string> = {};
  response.getDetaileddiffMap().forEach((change, path) => {
    detailed[path] = kinds[change.getKind()] ?? "?";
  });
  return {
    changed: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed,
  };
}

function call<Response>(start: (done: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the plugin has no standard output");
  for await (const line of createInterface({ input: child.stdout })) return Number(line);
  throw new Error("the plugin ended before it printed its port");
}
