import { ConfigProblem, describe } from "./problems";

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseUrl(value: string, example: string): URL {
  if (!URL.canParse(value)) {
    // What stands before an @ may be a password.
    const shown = value.includes("@") ? "no URL" : describe(value);
    throw new ConfigProblem(`is ${shown}; set it to a URL such as ${example}`);
  }
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") {
    // The value is not repeated here: it holds a credential.
    throw new ConfigProblem(
      `holds a user name or password; take it out of the URL, it would be stored in clear`,
    );
  }
  return url;
}

function refusePlainHttp(url: URL, example: string): void {
  if (url.protocol === "https:") return;
  if (url.protocol !== "http:") {
    throw new ConfigProblem(
      `has the scheme ${url.protocol.slice(0, -1)}; set it to a URL such as ${example}`,
    );
  }
  if (!isLoopback(url.hostname)) {
    throw new ConfigProblem(
      `is plain http to ${url.hostname}; use https (http is only for a loopback address)`,
    );
  }
}

/**
 * The one form of a server address that everything else is derived from: scheme, lower-case host, explicit port, no
 * trailing slash. Flux looks it up as an exact string and Vault compares it as the token's audience, so
 * `https://v` and `https://v:443` must never both appear.
 */
export function parseServerAddress(value: string, example: string): string {
  const url = parseUrl(value, example);
  refusePlainHttp(url, example);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    const extra = `${url.pathname === "/" ? "" : url.pathname}${url.search}${url.hash}`;
    throw new ConfigProblem(
      `has ${describe(extra)} after the host; keep only scheme, host and port, as in ${example}`,
    );
  }
  return `${url.protocol}//${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

/** A URL with a path that a server (Vault, a webhook) is given as it is. */
export function parseHttpUrl(value: string, example: string): string {
  refusePlainHttp(parseUrl(value, example), example);
  return value;
}

/** The deploy repository as Flux clones it. */
export function parseGitUrl(value: string): string {
  const example = "https://git.example.com/team/deploy.git";
  const ssh = URL.canParse(value) && new URL(value).protocol === "ssh:";
  if (ssh) {
    if (new URL(value).password !== "") {
      throw new ConfigProblem(
        "holds a password; take it out of the URL and put it into the Secret that secretRef names",
      );
    }
    return value;
  }
  return parseHttpUrl(value, example);
}

/** Port a URL is reached on, with the scheme's own default. */
export function portOf(value: string): number {
  const url = new URL(value);
  return Number(url.port || DEFAULT_PORTS[url.protocol]);
}
