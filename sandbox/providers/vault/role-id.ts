import type { PlainMap } from "../engine/resource-type";
import { textOf } from "../engine/values";
import { trimSlashes } from "./mount-path";

/** `auth/<mount>/role/<name>` */
export function roleId({ backend, roleName }: PlainMap): string {
  return `auth/${trimSlashes(textOf(backend))}/role/${trimSlashes(textOf(roleName))}`;
}

/** The reverse of `roleId`. Throws when the text is no such id. */
export function roleOf(id: string): { backend: string; roleName: string } {
  const [, backend, roleName] = /^auth\/(.+)\/role\/([^/]+)$/.exec(id) ?? [];
  if (backend === undefined || roleName === undefined) {
    throw new Error(`"${id}" is no id of a role; it has the form auth/<mount>/role/<name>`);
  }
  return { backend, roleName };
}
