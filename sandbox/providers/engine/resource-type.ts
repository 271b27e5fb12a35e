/**
 * What a stand-in provider knows of one resource type. The gRPC side (`serve.ts`) turns Pulumi's wire values into
 * plain ones before it calls these, and back afterwards; secrets are unwrapped on the way in and marked again on the
 * way out, so a handler never sees the wire format.
 */

/** A value that preview does not know yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type PlainValue =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };
export type PlainMap = { readonly [key: string]: PlainValue };

/** One bad input: `path` is the property path as Pulumi prints it, `reason` a sentence without a final stop. */
export interface InputFailure {
  readonly path: string;
  readonly reason: string;
}

export interface Checked {
  /** Inputs as they are to be stored: defaults filled in, values normalised. */
  readonly inputs: PlainMap;
  readonly failures: readonly InputFailure[];
}

/** `replace`: the property cannot be changed in place. */
export type ChangeKind = "update" | "replace";

export interface Difference {
  /**
   * Property path (`spec.template`, `allowedRoles[0]`) to what a change of it costs. Empty: nothing to do. Whether it is
   * shown as added, deleted or changed follows from whether the path exists before and after.
   */
  readonly changes: ReadonlyMap<string, ChangeKind>;
  readonly deleteBeforeReplace?: boolean;
}

export interface Stored {
  readonly id: string;
  readonly outputs: PlainMap;
}

/** A live resource as read back: `inputs` are what a program would have to say to get it. */
export interface Live extends Stored {
  readonly inputs: PlainMap;
}

export interface ResourceType<Context> {
  readonly token: string;
  /** Top-level outputs that are secret whatever the program says. */
  readonly secretOutputs?: readonly string[];
  /** `previous` are the checked inputs of the last update, for what was made up then. */
  check(
    inputs: PlainMap,
    previous: PlainMap | undefined,
    context: Context | undefined,
    urn: string,
  ): Checked | Promise<Checked>;
  diff(oldInputs: PlainMap, newInputs: PlainMap, oldState: PlainMap, id: string): Difference;
  /** Outputs that preview can already tell; what is missing shows as unknown. Default: the inputs. */
  preview?(inputs: PlainMap, oldState: PlainMap | undefined): PlainMap;
  /** Throw `PartialCreateError` when something was left behind, `UnknownOutcomeError` when nobody can tell. */
  create(context: Context, inputs: PlainMap, urn: string): Promise<Stored>;
  /** `undefined` when it does not exist. On import (`pulumi import`, the `import` option) `state` is undefined. */
  read(
    context: Context,
    id: string,
    inputs: PlainMap | undefined,
    state: PlainMap | undefined,
  ): Promise<Live | undefined>;
  update(
    context: Context,
    id: string,
    oldState: PlainMap,
    oldInputs: PlainMap,
    newInputs: PlainMap,
  ): Promise<PlainMap>;
  /** Must succeed when it is already gone. */
  delete(context: Context, id: string, state: PlainMap): Promise<void>;
}

/** What a data source answers for its arguments. Throw `Error` with one clear line. */
export type ReadFunction<Context> = (context: Context, args: PlainMap) => Promise<PlainMap>;

export interface StandInProvider<Context> {
  /** Package name as in the type tokens: `vault`, `kubernetes`. */
  readonly name: string;
  readonly version: string;
  readonly types: ReadonlyMap<string, ResourceType<Context>>;
  /** Data sources by their token. */
  readonly functions?: ReadonlyMap<string, ReadFunction<Context>>;
  /** Provider config properties this stand-in understands; any other is refused by CheckConfig with its name. */
  readonly configKeys: readonly string[];
  /** Kept encrypted in the stack's state, whether the program marks them or not. */
  readonly secretConfigKeys: readonly string[];
  /**
   * Config properties that are no text: Pulumi sends them as JSON, and they are parsed before `checkConfig` and
   * `configure` see them. Any other one stays the text it is.
   */
  readonly jsonConfigKeys?: readonly string[];
  /** Whether a type of it takes assets. Where none does, they are refused before a type sees them. */
  readonly takesAssets?: boolean;
  /** What CheckConfig refuses beside unknown names. `config` may hold unknown values. */
  checkConfig?(config: PlainMap): readonly InputFailure[];
  /** `config` is decoded, with all values known. Throw `Error` with one clear line. */
  configure(config: PlainMap): Promise<Context>;
  /** The engine was interrupted: end what is still waiting. Calls that have begun may fail after this. */
  cancel?(context: Context): void;
}
