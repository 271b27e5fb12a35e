import { createHmac } from "node:crypto";

export type Headers = Readonly<Record<string, string>>;

/** Headers that are signed by their place, in the order that Azure Storage has. */
const SIGNED = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/**
 * The `Authorization` header of a request to Azure Storage, signed by the account's key.
 *
 * @param key in base64, as ARM lists it.
 * @param headers without `content-length` where it is 0.
 */
export function sharedKey(account: string, key: string, method: string, url: URL, headers: Headers): string {
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const own = sent.filter(([name]) => name.startsWith("x-ms-"));
  const text = [
    method,
    ...SIGNED.map((name) => sent.find(([header]) => header === name)?.[1] ?? ""),
    ...own.sort(byName).map(([name, value]) => `${name}:${value.trim()}`),
    resourceOf(account, url),
  ].join("\n");
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
  return `SharedKey ${account}:${signature}`;
}

function resourceOf(account: string, url: URL): string {
  const query = [...url.searchParams].map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return [
    `/${account}${url.pathname}`,
    ...query.sort(byName).map(([name, value]) => `${name}:${value}`),
  ].join("\n");
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
