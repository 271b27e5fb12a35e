import { knownTokens } from "./known-kinds";
import { ObjectType } from "./object-type";
import type { Settings } from "./settings";
import { parseTypeToken } from "./type-token";

/**
 * The resource types by token. It lists the known kinds, and has an answer for every other kind too: whether a cluster has
 * it is the API server's to say.
 */
export class ObjectTypes extends Map<string, ObjectType> {
  constructor(private readonly settings: () => Settings) {
    super();
    for (const token of knownTokens()) this.get(token);
  }

  override get(token: string): ObjectType | undefined {
    const known = super.get(token);
    if (known !== undefined) return known;
    const type = parseTypeToken(token);
    if (type === undefined) return undefined;
    const made = new ObjectType(token, type, this.settings);
    this.set(token, made);
    return made;
  }

  override has(token: string): boolean {
    return this.get(token) !== undefined;
  }
}
