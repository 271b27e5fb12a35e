import type { Reader } from "../values/reader";
import { type HclItem, type HclObject, type HclValue, parseHcl } from "./hcl";

/** A path of Vault's API and what a policy allows on it. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly string[];
}

/** What the old `policy = "write"` in a path's block means. */
const OLD_WORDS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["deny", ["deny"]],
  ["read", ["read", "list"]],
  ["write", ["create", "read", "update", "delete", "list"]],
  ["sudo", ["create", "read", "update", "delete", "list", "sudo"]],
]);

/**
 * What the text of a Vault policy grants, in its order. HCL and JSON, as Vault takes both. Throws NotDecidable for a text that is neither,
 * and for one whose paths or capabilities cannot be read for certain.
 */
export function grantsOf(policy: Reader): readonly Grant[] {
  const parsed = parseHcl(policy.text() ?? "");
  return blocksOf(parsed?.items ?? [undefined]).map((block) => {
    const capabilities = block && capabilitiesIn(block.objects);
    if (block === undefined || capabilities === undefined) throw policy.trouble("form");
    return { path: block.path, capabilities };
  });
}

/** What is said of a path. */
interface Block {
  readonly path: string;
  readonly objects: readonly HclObject[];
}

/** Each undefined where it is none. JSON has one object, or a list of them, of what HCL has a block each. */
function blocksOf(items: readonly (HclItem | undefined)[]): (Block | undefined)[] {
  return items.flatMap((item) => {
    const [name, path, ...more] = item?.keys ?? [];
    // Such as `name = "…"`, which Vault ignores.
    if (name !== undefined && name !== "path" && path === undefined && typeof item?.value === "string")
      return [];
    const objects = item && objectsOf(item.value);
    if (name !== "path" || more.length > 0 || objects === undefined) return [undefined];
    if (path !== undefined) return [{ path, objects }];
    return objects
      .flatMap((each) => each.items)
      .map(({ keys: [inner], value }) => {
        const inside = objectsOf(value);
        return inner === undefined || inside === undefined ? undefined : { path: inner, objects: inside };
      });
  });
}

function objectsOf(value: HclValue): readonly HclObject[] | undefined {
  const objects = [value].flat().filter(isObject);
  return objects.length === [value].flat().length ? objects : undefined;
}

function isObject(value: HclValue): value is HclObject {
  return typeof value === "object" && "items" in value;
}

/** Only those of the block itself, not of what is nested in it, such as `allowed_parameters`. None: it grants nothing. */
function capabilitiesIn(objects: readonly HclObject[]): string[] | undefined {
  const found: string[] = [];
  for (const { keys, value } of objects.flatMap(({ items }) => items)) {
    const [name] = keys;
    if (name !== "capabilities" && name !== "policy") continue;
    const given = name === "policy" ? OLD_WORDS.get(value) : textsOf(value);
    if (given === undefined || keys.length > 1) return undefined;
    found.push(...given);
  }
  return found;
}

function textsOf(value: HclValue): readonly string[] | undefined {
  if (typeof value === "string" || isObject(value)) return undefined;
  const texts = value.filter((each) => typeof each === "string");
  return texts.length === value.length ? texts : undefined;
}
