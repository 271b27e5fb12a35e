import { isObject, SECRET, UNKNOWN } from "./marks";
import { NotDecidable, type Reason } from "./not-decidable";

/**
 * A value of a resource and the way to it. Reading what is not there gives undefined or nothing; reading what is unknown,
 * secret or of another form throws NotDecidable, so that no rule can take it for something else.
 */
export class Reader {
  constructor(
    private readonly value: unknown,
    private readonly steps: readonly (string | number)[],
    private readonly owner: string,
  ) {}

  /** The value at a path such as `metadata.namespace`. */
  at(path: string): Reader {
    return path.split(".").reduce<Reader>((reader, name) => reader.key(name), this);
  }

  /** The value under one name, which may have dots. */
  key(name: string): Reader {
    const steps = [...this.steps, name];
    const value = this.known();
    if (value === undefined) return new Reader(undefined, steps, this.owner);
    if (!isObject(value)) throw this.trouble("form");
    return new Reader(Object.hasOwn(value, name) ? value[name] : undefined, steps, this.owner);
  }

  /** Whether there is a value that is not empty; a secret one counts. */
  has(path?: string): boolean {
    const reader = this.to(path);
    if (reader.value === SECRET) return true;
    const value = reader.known();
    return value !== undefined && value !== "";
  }

  text(path?: string): string | undefined {
    return this.to(path).scalar((value) => (typeof value === "string" ? value : undefined));
  }

  /** Provider settings travel as text, so "true" counts as well. */
  flag(path?: string): boolean | undefined {
    return this.to(path).scalar((value) =>
      value === "true" || value === true ? true : value === "false" || value === false ? false : undefined,
    );
  }

  number(path?: string): number | undefined {
    return this.to(path).scalar((value) => {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    });
  }

  list(path?: string): readonly Reader[] {
    const reader = this.to(path);
    const value = reader.known();
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw reader.trouble("form");
    return value.map((each: unknown, index) => new Reader(each, [...reader.steps, index], this.owner));
  }

  /** Texts of a list; none where it is absent. */
  texts(path?: string): readonly string[] {
    return this.list(path).map((each) => {
      const text = each.text();
      if (text === undefined) throw each.trouble("form");
      return text;
    });
  }

  /** Names and values of an object; none where it is absent. */
  entries(path?: string): readonly (readonly [name: string, value: Reader])[] {
    const reader = this.to(path);
    const value = reader.known();
    if (value === undefined) return [];
    if (!isObject(value)) throw reader.trouble("form");
    return Object.keys(value).map((name) => [name, reader.key(name)] as const);
  }

  /** What a rule throws when a text is there but cannot be read as what it is. */
  trouble(reason: Reason): NotDecidable {
    return new NotDecidable(reason, this.steps, this.owner);
  }

  private to(path: string | undefined): Reader {
    return path === undefined ? this : this.at(path);
  }

  private scalar<T>(accept: (value: unknown) => T | undefined): T | undefined {
    const value = this.known();
    if (value === undefined) return undefined;
    const accepted = accept(value);
    if (accepted === undefined) throw this.trouble("form");
    return accepted;
  }

  private known(): unknown {
    if (this.value === UNKNOWN) throw this.trouble("unknown");
    if (this.value === SECRET) throw this.trouble("secret");
    return this.value ?? undefined;
  }
}
