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
  refuseAfterHost(url, url.pathname, "scheme, host and port", example);
  return originOf(url);
}

/**
 * The API server's URL in the same form. It may have a path: Rancher and other proxies serve each cluster under one, such
 * as `https://rancher.example.com/k8s/clusters/c-x`.
 */
export function parseApiServerUrl(value: string, example: string): string {
  const url = parseUrl(value, example);
  refusePlainHttp(url, example);
  refuseAfterHost(url, "/", "scheme, host, port and path", example);
  return originOf(url) + url.pathname.replace(/\/+$/, "");
}

function originOf(url: URL): string {
  return `${url.protocol}//${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

function refuseAfterHost({ search, hash }: URL, path: string, keep: string, example: string): void {
  const extra = `${path === "/" ? "" : path}${search}${hash}`;
  if (extra === "") return;
  throw new ConfigProblem(`has ${describe(extra)} after the host; keep only ${keep}, as in ${example}`);
}

/** A URL with a path that a server (Vault, a webhook) is given as it is. */
export function parseHttpUrl(value: string, example: string): string {
  refusePlainHttp(parseUrl(value, example), example);
  return value;
}

/** The deploy repository as Flux clones it. */
export function parseGitUrl(value: string): string {
  const example = "https://git.example.com/team/deploy.git";
  // git's own short form. Only with the user git, because any other may be a credential.
  const short = /^git@([\w.-]+):\/?(\S+)$/.exec(value);
  if (short) {
    throw new ConfigProblem(
      `is ${describe(value)}, a form that Flux does not take; write it as ssh://git@${short[1]}/${short[2]}`,
    );
  }
  if (isSsh(value)) {
    if (new URL(value).password !== "") {
      throw new ConfigProblem(
        "holds a password; take it out of the URL and put it into the Secret that secretRef names",
      );
    }
    return value;
  }
  return parseHttpUrl(value, example);
}

/** Whether a repository is reached over ssh, where nothing is to be had without a key. */
export function isSsh(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "ssh:";
}

/** Port a URL is reached on, with the scheme's own default. */
export function portOf(value: string): number {
  const url = new URL(value);
  return Number(url.port || DEFAULT_PORTS[url.protocol]);
}
