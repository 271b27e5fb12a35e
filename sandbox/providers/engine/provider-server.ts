import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { callError } from "./call-errors";
import { compare } from "./compare";
import { diffResponse } from "./diff-response";
import { configFailures, decodeConfig, unknownConfigKey } from "./provider-config";
import { failureMessage, type Receive, ResourceCalls } from "./resource-calls";
import type { ChangeKind, StandInProvider } from "./resource-type";
import { type Received, receive, send } from "./wire";

/** A Pulumi resource provider on a loopback port, answering in the name of a stand-in. */
export class ProviderServer<Context> {
  private readonly server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  private readonly resources: ResourceCalls<Context>;
  private context: Context | undefined;
  private running = 0;

  constructor(private readonly provider: StandInProvider<Context>) {
    this.resources = new ResourceCalls(provider, () => this.context);
    this.server.addService(ResourceProviderService, this.calls());
  }

  /** Calls that have begun and not ended. */
  get busy(): boolean {
    return this.running > 0;
  }

  /** Resolves with the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  close(): void {
    this.server.forceShutdown();
  }

  /** Calls that are not listed here (GetSchema, Call, …) are answered with UNIMPLEMENTED by gRPC itself. */
  private calls(): UntypedServiceImplementation {
    const { resources, provider } = this;
    return {
      handshake: this.answer(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
      attach: this.answer(() => new Empty()),
      getPluginInfo: this.answer(() => new PluginInfo().setVersion(provider.version)),
      checkConfig: this.answer((request: pb.CheckRequest, take) => this.checkConfig(request, take)),
      diffConfig: this.answer((request: pb.DiffRequest, take) => diffConfig(request, take)),
      configure: this.answer((request: pb.ConfigureRequest, take) => this.configure(request, take)),
      cancel: this.answer(() => this.cancel()),
      invoke: this.answer((request: pb.InvokeRequest, take) => this.invoke(request, take)),
      check: this.answer((request: pb.CheckRequest, take) => resources.check(request, take)),
      diff: this.answer((request: pb.DiffRequest, take) => resources.diff(request, take)),
      create: this.answer((request: pb.CreateRequest, take) => resources.create(request, take)),
      read: this.answer((request: pb.ReadRequest, take) => resources.read(request, take)),
      update: this.answer((request: pb.UpdateRequest, take) => resources.update(request, take)),
      delete: this.answer((request: pb.DeleteRequest, take) => resources.delete(request, take)),
    };
  }

  private answer<Request, Response>(
    handle: (request: Request, take: Receive) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return async (call, respond) => {
      const received: Received[] = [];
      const take: Receive = (message) => {
        const part = receive(message, this.provider.takesAssets);
        received.push(part);
        return part;
      };
      this.running++;
      try {
        respond(null, await handle(call.request, take));
      } catch (error) {
        respond(callError(error, received));
      } finally {
        this.running--;
      }
    };
  }

  private checkConfig(request: pb.CheckRequest, take: Receive): pb.CheckResponse {
    const news = take(request.getNews());
    return new pb.CheckResponse()
      .setInputs(send(news.values, [...news.secrets, ...this.provider.secretConfigKeys]))
      .setFailuresList(configFailures(this.provider, news.values).map(failureMessage));
  }

  private async configure(request: pb.ConfigureRequest, take: Receive): Promise<pb.ConfigureResponse> {
    const config = take(request.getArgs()).values;
    const unknown = unknownConfigKey(config);
    if (unknown !== undefined)
      throw new Error(`${this.provider.name} provider config "${unknown}" is not known yet`);
    this.context = await this.provider.configure(decodeConfig(this.provider, config));
    return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  private async invoke(request: pb.InvokeRequest, take: Receive): Promise<pb.InvokeResponse> {
    const { name, functions } = this.provider;
    const read = functions?.get(request.getTok());
    if (!read) throw new Error(`the ${name} stand-in has no data source ${request.getTok()}`);
    if (this.context === undefined) throw new Error(`the ${name} stand-in is not configured yet`);
    return new pb.InvokeResponse().setReturn(send(await read(this.context, take(request.getArgs()).values)));
  }

  private cancel(): Empty {
    if (this.context !== undefined) this.provider.cancel?.(this.context);
    return new Empty();
  }
}

/**
 * A provider's config says how to reach a server, not which one it is: a change never replaces the provider, since that
 * would replace every resource made through it.
 */
function diffConfig(request: pb.DiffRequest, take: Receive): pb.DiffResponse {
  const before = take(request.getOldInputs()).values;
  const after = take(request.getNews()).values;
  const changes = new Map(
    [...compare(before, after).keys()].map((path): [string, ChangeKind] => [path, "update"]),
  );
  return diffResponse({ changes }, before, after);
}
