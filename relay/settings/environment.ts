import { SettingsError } from "./settings-error";

/** A variable's text is not what it has to be: words that follow the variable's name. */
export class Problem extends Error {}

/** Reads variables and collects what is wrong with them, so that a person hears of everything at once. */
export class Environment {
  private readonly problems: string[] = [];

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** Without blanks around it; an empty variable counts as none. */
  text(name: string): string | undefined {
    const value = this.variables[name]?.trim();
    return value === undefined || value === "" ? undefined : value;
  }

  /** A variable as `parse` reads it, or `otherwise` where it is not set; without one it has to be set. */
  read<T>(name: string, parse: (value: string) => T, otherwise?: T): T | undefined {
    const value = this.text(name);
    if (value === undefined) {
      if (otherwise === undefined) this.report(name, "is not set; docs/relay.md says what belongs there");
      return otherwise;
    }
    return this.attempt(name, () => parse(value)) ?? otherwise;
  }

  /** What `work` returns; a Problem is noted under the variable's name. */
  attempt<T>(name: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.report(name, error.message);
      return undefined;
    }
  }

  report(name: string, problem: string): void {
    this.problems.push(`${name}: ${problem}`);
  }

  /** @throws SettingsError when anything was reported. */
  settle(): void {
    if (this.problems.length > 0) throw new SettingsError(this.problems);
  }
}
