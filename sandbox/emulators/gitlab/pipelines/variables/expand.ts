/** Fills in `$NAME` and `${NAME}`; `$$` stands for a dollar sign, and an unknown name for nothing. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g,
    (match, braced: string | undefined, bare: string | undefined) =>
      match === "$$" ? "$" : (variables[braced ?? bare ?? ""] ?? ""),
  );
}

/** A value that means itself, in the form in which gitlab-ci-local leaves it alone. */
export function literal(value: string): string {
  return value.replaceAll("$", () => "$$");
}
