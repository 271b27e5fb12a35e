import * as pulumi from "@pulumi/pulumi";

/** One registered resource, as its inputs and options reached the engine. */
export interface Child {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  /** URN and id of the provider; empty where the engine chooses one. */
  readonly provider: string;
  readonly protect: boolean;
  readonly importId: string;
  /** Whether it stays when the stack is destroyed. */
  readonly retained: boolean;
  /** How many other names it may be known by. */
  readonly aliases: number;
}

export interface Built {
  /** Every resource in the order of URNs, components included. */
  readonly children: readonly Child[];
  /** What each component registered as its outputs, by URN. */
  readonly outputs: ReadonlyMap<string, Record<string, unknown>>;
}

export type Inputs = Readonly<Record<string, unknown>>;

/** What a provider would add to the inputs of a resource, by type. Only where a component reads it. */
export type Computed = Readonly<Record<string, Inputs | ((inputs: Inputs) => Inputs)>>;

export interface BuildOptions {
  readonly preview?: boolean;
  readonly computed?: Computed;
  /** What Vault answers to a read, by API path; absent paths do not exist. */
  readonly vault?: Readonly<Record<string, object>>;
  /** Projects of GitLab by path. */
  readonly gitlab?: Readonly<Record<string, object>>;
  /** The deployer's token for Azure; absent: it has none. */
  readonly azureToken?: string;
  /** What Vault answers to every read instead. */
  readonly refusal?: string;
}

/** The part of a registration request that tests look at. */
interface Registration {
  getName(): string;
  getType(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getImportid(): string;
  getRetainondelete(): boolean;
  getAliasesList(): readonly unknown[];
}

interface Monitor {
  registerResource(
    request: Registration,
    callback: (error: unknown, response: unknown) => void,
  ): Promise<void>;
  getRegisteredResources(): Map<string, { readonly urn: string; readonly state: unknown }>;
}

/** Key that marks a secret on Pulumi's wire. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** Text that stands for an unknown value on Pulumi's wire. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Runs `make` under mocks and waits for every registration. A preview leaves computed properties unknown. */
export async function build(make: () => unknown, options: BuildOptions = {}): Promise<Built> {
  const { preview = false, computed = {}, vault = {}, gitlab = {}, azureToken, refusal } = options;
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        inputs.set(`${args.type}::${args.name}`, args.inputs);
        const added = computed[args.type] ?? {};
        const known = preview ? {} : typeof added === "function" ? added(args.inputs) : added;
        return {
          id: preview ? undefined : args.id || `${args.name}-id`,
          state: { ...args.inputs, ...known },
        };
      },
      call: ({ token, inputs: { path, pathWithNamespace } }) => {
        if (token === "gitlab:index/getProject:getProject") {
          const project = gitlab[pathWithNamespace];
          if (!project) throw Object.assign(new Error(), { details: "404 Project Not Found" });
          return project;
        }
        if (token === "azure-native:authorization:getClientToken" && azureToken !== undefined)
          return { token: azureToken };
        const found = token === "vault:generic/getSecret:getSecret" ? vault[path] : undefined;
        // The SDK reads an engine's refusal from `details`.
        const details = refusal ?? `no secret found at "${path}"`;
        if (!found || refusal !== undefined) throw Object.assign(new Error(), { details });
        return { dataJson: JSON.stringify(found) };
      },
    },
    "sopsloop",
    "test",
    preview,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registrations = record(monitor);
  await make();
  await pulumi.runtime.disconnect();
  return collect(monitor, registrations, inputs);
}

function record(monitor: Monitor): Registration[] {
  const registrations: Registration[] = [];
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registrations.push(request);
    return original(request, callback);
  };
  return registrations;
}

function collect(
  monitor: Monitor,
  registrations: Registration[],
  inputs: Map<string, Record<string, unknown>>,
): Built {
  const resources = [...monitor.getRegisteredResources().values()];
  const children = registrations
    .map((request) => {
      const type = request.getType();
      const name = request.getName();
      const own = resources.find(({ urn }) => urn.endsWith(`${type}::${name}`));
      return {
        type,
        name,
        urn: own?.urn ?? "",
        inputs: inputs.get(`${type}::${name}`) ?? {},
        parent: request.getParent(),
        provider: request.getProvider(),
        protect: request.getProtect(),
        importId: request.getImportid(),
        retained: request.getRetainondelete(),
        aliases: request.getAliasesList().length,
      };
    })
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const outputs = new Map(
    resources
      .filter(({ state }) => isStruct(state))
      .map(({ urn, state }) => [urn, (state as Struct).toJavaScript()] as const),
  );
  return { children, outputs };
}

interface Struct {
  toJavaScript(): Record<string, unknown>;
}

function isStruct(state: unknown): state is Struct {
  return typeof state === "object" && state !== null && "toJavaScript" in state;
}

/** A child as one line: type, name, what protects, retains or imports it, and its inputs. */
export function lineOf({ type, name, inputs, protect, importId, retained }: Child): string {
  const marks = `${protect ? " protected" : ""}${retained ? " retained" : ""}${importId ? ` import=${importId}` : ""}`;
  return `${type} ${name}${marks} ${JSON.stringify(inputs, reveal)}`;
}

/** Shows secrets and unknowns by a word each, so that a list of children says which is which. */
function reveal(_key: string, value: unknown): unknown {
  if (value === UNKNOWN) return "unknown";
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return { secret: Reflect.get(value, "value") };
  if ("__pulumiUnknown" in value) return "unknown";
  return value;
}

/** The complete list of a component's children, without the component itself. */
export async function childrenOf(make: () => unknown, options?: BuildOptions): Promise<string[]> {
  const { children } = await build(make, options);
  return children.filter(({ parent }) => parent.includes("sopsloop:")).map(lineOf);
}

/** What the one component that `make` builds registers as its outputs. */
export async function outputsOf(
  make: () => unknown,
  options?: BuildOptions,
): Promise<Record<string, unknown>> {
  const { children, outputs } = await build(make, options);
  const [component, ...others] = children.filter(
    ({ type, parent }) => type.startsWith("sopsloop:") && parent === "",
  );
  if (!component || others.length > 0) throw new Error("outputsOf needs exactly one component");
  return JSON.parse(JSON.stringify(outputs.get(component.urn) ?? {}, reveal));
}
