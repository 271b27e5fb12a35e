import { readEnvFile } from "./env-file";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where values come from: the process's environment and, where one is named, a local env file. */
export class Variables {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    /** The environment without the mapping's variables, for tools that have no business with them. */
    readonly others: Environment,
    /** What is wrong with the env file: one line each. */
    readonly problems: readonly string[],
  ) {}

  /**
   * @param mapped names of the mapping.
   * @param file the env file's name and text.
   */
  static of(
    env: Environment,
    mapped: ReadonlySet<string>,
    file?: { readonly name: string; readonly text: string },
  ): Variables {
    const values = new Map<string, string>();
    const others: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(env)) {
      if (!mapped.has(name)) others[name] = value;
      else if (value !== undefined) values.set(name, value);
    }
    if (!file) return new Variables(values, others, []);
    const { variables, problems } = readEnvFile(file.name, file.text);
    const differing: string[] = [];
    for (const [name, { value, line }] of variables) {
      if (!mapped.has(name)) continue;
      if ((values.get(name) ?? value) !== value)
        differing.push(
          `${file.name}:${line}: ${name} is another one than in the environment; unset one of the two: unset ${name}`,
        );
      values.set(name, value);
    }
    return new Variables(values, others, [...problems, ...differing]);
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }
}
