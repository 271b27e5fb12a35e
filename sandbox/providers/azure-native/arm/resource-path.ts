import { type InputFailure, type PlainMap, UNKNOWN } from "../../engine/resource-type";

/** What the name in one place of a path has to be like. */
export interface NameRule {
  readonly pattern?: RegExp;
  /** The pattern in words, as in "vaultName must be …". */
  readonly form?: string;
  /** The value is a path of its own: a scope, or a resource's id. */
  readonly isPath?: true;
  /** A UUID is made up when the program says nothing. */
  readonly madeUp?: true;
}

const PARAMETER = /\{(\w+)\}/g;
const SUBSCRIPTION = "subscriptionId";

/** Where the resources of a type are in ARM: `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/…`. */
export class ResourcePath {
  /** The places that the program fills, by the SDK's names. */
  readonly parameters: readonly string[];
  private readonly matcher: RegExp;

  constructor(
    readonly template: string,
    private readonly rules: Readonly<Record<string, NameRule>> = {},
  ) {
    const all = [...template.matchAll(PARAMETER)].map(([, name = ""]) => name);
    this.parameters = all.filter((name) => name !== SUBSCRIPTION);
    const source = template
      .replaceAll(".", "\\.")
      .replace(PARAMETER, (_whole, name: string) => `(?<${name}>${this.valuePattern(name)})`);
    this.matcher = new RegExp(`^${source}$`, "i");
  }

  rule(name: string): NameRule {
    return this.rules[name] ?? {};
  }

  /** The id of the resource that these inputs describe. */
  idOf(inputs: PlainMap, subscription: string): string {
    return this.template.replace(PARAMETER, (_whole, name: string) => {
      const value = name === SUBSCRIPTION ? subscription : String(inputs[name]);
      return this.rule(name).isPath ? value.replace(/^\/+|\/+$/g, "") : encodeURIComponent(value);
    });
  }

  /** The inputs that an id says. Throws one line when it has another form. */
  inputsIn(id: string): PlainMap {
    const found = this.matcher.exec(id)?.groups;
    if (found === undefined) throw new Error(`"${id}" is no id of the form ${this.template}`);
    const said = this.parameters.map((name) => {
      const value = found[name] ?? "";
      return [name, this.rule(name).isPath ? `/${value}` : decodeURIComponent(value)];
    });
    return Object.fromEntries(said) as PlainMap;
  }

  /** What is wrong with the names that the program gives. */
  failures(inputs: PlainMap, noun: string): InputFailure[] {
    return this.parameters.flatMap((name) => {
      const value = inputs[name] ?? undefined;
      const reason = value === undefined ? this.missing(name, noun) : this.wrong(name, value);
      return reason === undefined ? [] : [{ path: name, reason }];
    });
  }

  private missing(name: string, noun: string): string {
    const own = name === this.parameters.at(-1);
    return own ? `the ${noun} needs ${name}: the stand-in makes up no names` : `the ${noun} needs ${name}`;
  }

  private wrong(name: string, value: PlainMap[string]): string | undefined {
    if (value === UNKNOWN) return undefined;
    if (typeof value !== "string" || value === "") return `${name} must be a string that is not empty`;
    const { pattern, form } = this.rule(name);
    return pattern === undefined || pattern.test(value) ? undefined : `${name} must be ${form}: "${value}"`;
  }

  private valuePattern(name: string): string {
    return this.rule(name).isPath ? ".+?" : "[^/]+";
  }
}
