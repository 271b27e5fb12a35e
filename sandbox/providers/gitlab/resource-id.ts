/** Ids are the project as the program wrote it, a colon, and what it is within the project. A project has no colon. */

/** `<project>:<rest>`. Throws one line that names the form when the id has another. */
export function twoParts(id: string, form: string): readonly [project: string, rest: string] {
  const [, project, rest] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  if (project === undefined || rest === undefined) throw new Error(`"${id}" is no id of the form ${form}`);
  return [project, rest];
}

/** `<project>:<middle>:<rest>`, of which only the rest may have colons. */
export function threeParts(
  id: string,
  form: string,
): readonly [project: string, middle: string, rest: string] {
  const [, project, middle, rest] = /^([^:]+):([^:]+):(.+)$/s.exec(id) ?? [];
  if (project === undefined || middle === undefined || rest === undefined) {
    throw new Error(`"${id}" is no id of the form ${form}`);
  }
  return [project, middle, rest];
}

/** `<project>:<number>`. */
export function numbered(id: string, form: string): readonly [project: string, number: number] {
  const [project, rest] = twoParts(id, form);
  if (!/^\d+$/.test(rest)) throw new Error(`"${id}" is no id of the form ${form}`);
  return [project, Number(rest)];
}
