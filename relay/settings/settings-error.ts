/** Everything that is wrong with the settings, a line each: which variable, what, how to mend it. Never a secret's value. */
export class SettingsError extends Error {
  constructor(public readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}
