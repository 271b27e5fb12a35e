import * as pulumi from "@pulumi/pulumi";

/** One registration (or read, when it has an id) as the engine gets it. */
export interface Request {
  readonly type: string;
  readonly version: string;
  readonly pluginDownloadUrl: string;
  readonly secretOutputs: readonly string[];
  readonly id: string;
  /** Names of the properties that have a value. */
  readonly inputs: readonly string[];
  /** The same in whole, as they arrive: secrets by the wire's own marker. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly version: string;
}

interface Message {
  getType(): string;
  getName(): string;
  getVersion(): string;
  getPlugindownloadurl(): string;
  getAdditionalsecretoutputsList(): string[];
  getId?(): string;
  getTok(): string;
}

type Method = (request: Message, callback: (error: unknown, response: unknown) => void) => unknown;
type Monitor = Record<"registerResource" | "readResource" | "invoke", Method>;

/** Runs `make` with nothing but mocks behind the SDK, and tells what it asked of the engine. */
export async function requestsOf(make: () => unknown): Promise<{ requests: Request[]; calls: Call[] }> {
  const values = new Map<string, Record<string, unknown>>();
  const arguments_ = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, id }) => {
      values.set(`${type}::${name}`, inputs);
      return { id: id === undefined || id === "" ? "made" : id, state: inputs };
    },
    call: ({ token, inputs }) => {
      arguments_.set(token, inputs);
      return {};
    },
  });
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const sent: Message[] = [];
  const invoked: Message[] = [];
  for (const name of ["registerResource", "readResource", "invoke"] as const) {
    const original = monitor[name].bind(monitor);
    monitor[name] = (request, callback) => {
      (name === "invoke" ? invoked : sent).push(request);
      return original(request, callback);
    };
  }
  await make();
  await pulumi.runtime.disconnect();
  return {
    requests: sent.map((message) => {
      const found = values.get(`${message.getType()}::${message.getName()}`) ?? {};
      return {
        type: message.getType(),
        version: message.getVersion(),
        pluginDownloadUrl: message.getPlugindownloadurl(),
        secretOutputs: message.getAdditionalsecretoutputsList(),
        id: message.getId?.() ?? "",
        inputs: Object.keys(found).sort(),
        values: found,
      };
    }),
    calls: invoked.map((message) => ({
      token: message.getTok(),
      inputs: arguments_.get(message.getTok()) ?? {},
      version: message.getVersion(),
    })),
  };
}
