import { Problem } from "./environment";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An address without a slash at its end. Secrets go there: only to this machine without TLS. */
export function baseUrl(value: string): string {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Problem("is no URL; set it to one such as https://gitlab.example.com");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new Problem("holds more than an address; leave out credentials, ? and #");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && LOOPBACK.test(url.hostname)))
    throw new Problem("does not begin with https://; a token must not cross a network in the clear");
  return url.href.replace(/\/+$/, "");
}

export function oneOf<T extends string>(...words: readonly T[]): (value: string) => T {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Problem(`is not one of ${words.join(", ")}`);
    return found;
  };
}

export function matching(pattern: RegExp, what: string): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new Problem(`is not ${what}`);
    return value;
  };
}

export const uuid = matching(UUID, "an id such as 00000000-0000-0000-0000-000000000000");

/** Comma-separated, each read by `parse`; at least one. */
export function list<T>(parse: (value: string) => T): (value: string) => readonly T[] {
  return (value) => {
    const items = value.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
    if (items.length === 0) throw new Problem("is an empty list");
    return items.map(parse);
  };
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new Problem(`is not a whole number from ${least} to ${most}`);
    return number;
  };
}
