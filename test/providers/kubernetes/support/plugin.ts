import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { build } from "esbuild";
import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";
import { type Received, receive, send } from "../../../../sandbox/providers/engine/wire";

const MAIN = resolve(__dirname, "../../../../sandbox/providers/kubernetes/main.ts");

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export interface Resource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: PlainMap;
  readonly outputs: PlainMap;
}

/** The stand-in as the engine runs it: its own process, spoken to over gRPC. */
export class Plugin {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly folder: string,
  ) {}

  static async start(config: PlainMap): Promise<Plugin> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-plugin-"));
    const outfile = join(folder, "plugin.js");
    await build({
      entryPoints: [MAIN],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile,
      logLevel: "error",
    });
    const child = spawn(process.execPath, [outfile], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const client = new ResourceProviderClient(
      `127.0.0.1:${String(port).trim()}`,
      credentials.createInsecure(),
    );
    const plugin = new Plugin(child, client, folder);
    try {
      await plugin.configure(config);
    } catch (error) {
      await plugin.stop();
      throw error;
    }
    return plugin;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  async configure(config: PlainMap): Promise<void> {
    const request = new pb.ConfigureRequest().setArgs(send(config)).setAcceptsecrets(true);
    await answer<pb.ConfigureResponse>((done) => this.client.configure(request, done));
  }

  async checkConfig(config: PlainMap): Promise<Failure[]> {
    const request = new pb.CheckRequest().setUrn(urnOf("pulumi:providers:kubernetes")).setNews(send(config));
    return failuresOf(await answer<pb.CheckResponse>((done) => this.client.checkConfig(request, done)));
  }

  async check(
    token: string,
    inputs: PlainMap,
    olds?: PlainMap,
  ): Promise<{ inputs: PlainMap; failures: Failure[] }> {
    const request = new pb.CheckRequest().setUrn(urnOf(token)).setNews(send(inputs));
    if (olds !== undefined) request.setOlds(send(olds));
    const response = await answer<pb.CheckResponse>((done) => this.client.check(request, done));
    return { inputs: receive(response.getInputs()).values, failures: failuresOf(response) };
  }

  /** Check, then Create, as an update does. Throws when Check has anything against it. */
  async create(token: string, given: PlainMap): Promise<Resource> {
    const { inputs, failures } = await this.check(token, given);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return this.createUnchecked(token, inputs);
  }

  async createUnchecked(token: string, inputs: PlainMap): Promise<Resource> {
    const urn = urnOf(token);
    const request = new pb.CreateRequest().setUrn(urn).setProperties(send(inputs));
    const response = await answer<pb.CreateResponse>((done) => this.client.create(request, done));
    return { urn, id: response.getId(), inputs, outputs: receive(response.getProperties()).values };
  }

  async previewCreate(token: string, inputs: PlainMap): Promise<Received> {
    const request = new pb.CreateRequest().setUrn(urnOf(token)).setProperties(send(inputs)).setPreview(true);
    return receive(
      (await answer<pb.CreateResponse>((done) => this.client.create(request, done))).getProperties(),
    );
  }

  /** What an update to `inputs` would do: each path with the name of its kind. */
  async diff(
    resource: Resource,
    inputs: PlainMap,
  ): Promise<{ changes: Record<string, string>; deletesFirst: boolean }> {
    const request = new pb.DiffRequest()
      .setUrn(resource.urn)
      .setId(resource.id)
      .setOlds(send(resource.outputs))
      .setOldInputs(send(resource.inputs))
      .setNews(send(inputs));
    const response = await answer<pb.DiffResponse>((done) => this.client.diff(request, done));
    const changes: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((one: pb.PropertyDiff, path: string) => {
      changes[path] = kindName(one);
    });
    return { changes, deletesFirst: response.getDeletebeforereplace() };
  }

  async update(resource: Resource, inputs: PlainMap): Promise<Resource> {
    const request = new pb.UpdateRequest()
      .setUrn(resource.urn)
      .setId(resource.id)
      .setOlds(send(resource.outputs))
      .setOldInputs(send(resource.inputs))
      .setNews(send(inputs));
    const response = await answer<pb.UpdateResponse>((done) => this.client.update(request, done));
    return { ...resource, inputs, outputs: receive(response.getProperties()).values };
  }

  /** As refresh does. `undefined` when it is gone. */
  async read(resource: Resource): Promise<Resource | undefined> {
    const request = new pb.ReadRequest()
      .setUrn(resource.urn)
      .setId(resource.id)
      .setInputs(send(resource.inputs))
      .setProperties(send(resource.outputs));
    return this.readBack(resource.urn, request);
  }

  async import(token: string, id: string): Promise<Resource | undefined> {
    return this.readBack(urnOf(token), new pb.ReadRequest().setUrn(urnOf(token)).setId(id));
  }

  async delete(resource: Resource): Promise<void> {
    const request = new pb.DeleteRequest()
      .setUrn(resource.urn)
      .setId(resource.id)
      .setProperties(send(resource.outputs))
      .setOldInputs(send(resource.inputs));
    await answer((done) => this.client.delete(request, done));
  }

  /** The secret marks of what a create answers with. */
  async secretsOfCreate(token: string, inputs: PlainMap): Promise<readonly string[]> {
    const request = new pb.CreateRequest().setUrn(urnOf(token)).setProperties(send(inputs));
    const response = await answer<pb.CreateResponse>((done) => this.client.create(request, done));
    return [...receive(response.getProperties()).secrets].sort();
  }

  private async readBack(urn: string, request: pb.ReadRequest): Promise<Resource | undefined> {
    const response = await answer<pb.ReadResponse>((done) => this.client.read(request, done));
    if (response.getId() === "") return undefined;
    const inputs = receive(response.getInputs()).values;
    return { urn, id: response.getId(), inputs, outputs: receive(response.getProperties()).values };
  }
}

/** Rejects with the text that the engine would print. */
function answer<Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) =>
      error === null ? resolve(response) : reject(new Error(error.details, { cause: error })),
    );
  });
}

function urnOf(token: string): string {
  return `urn:pulumi:test::sopsloop::${token}::thing`;
}

function failuresOf(response: pb.CheckResponse): Failure[] {
  return response.getFailuresList().map((one) => ({ property: one.getProperty(), reason: one.getReason() }));
}

function kindName(difference: pb.PropertyDiff): string {
  const kinds = Object.entries(pb.PropertyDiff.Kind) as [string, number][];
  return kinds.find(([, value]) => value === difference.getKind())?.[0] ?? "?";
}
