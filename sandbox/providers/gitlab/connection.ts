import { readFileSync } from "node:fs";
import type { Tls } from "../engine/http-transport";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isMap } from "../engine/wire";

/** How to reach a GitLab server, and as whom. */
export interface Connection {
  /** Root of the API, with a slash at the end: `https://gitlab.example.com/api/v4/`. */
  readonly baseUrl: URL;
  readonly token: string;
  readonly tls: Tls;
  /** Headers for every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often a request is sent again that met the rate limit, or a read that met a busy server. */
  readonly retries: number;
  /** Whether to ask who the token's user is before anything else. */
  readonly earlyAuthCheck: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_BASE_URL = "https://gitlab.com/api/v4/";
const DEFAULT_RETRIES = 5;

/** Reads the provider's config, and from the environment what it leaves open. Throws one line on what is missing or wrong. */
export function connectionOf(config: PlainMap, environment: Environment): Connection {
  if (config.insecure === true) {
    throw new Error("gitlab provider: insecure is not supported; name the CA with cacertFile instead");
  }
  const certificate = text(config.clientCert);
  const key = text(config.clientKey);
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Error("gitlab provider: clientCert and clientKey go together; set both or none");
  }
  return {
    baseUrl: baseUrlOf(text(config.baseUrl) ?? text(environment.GITLAB_BASE_URL) ?? DEFAULT_BASE_URL),
    token: tokenOf(text(config.token) ?? text(environment.GITLAB_TOKEN)),
    tls: {
      ca: contentOf("cacertFile", text(config.cacertFile)),
      clientCertificate: contentOf("clientCert", certificate),
      clientKey: contentOf("clientKey", key),
    },
    headers: isMap(config.headers) ? (config.headers as Readonly<Record<string, string>>) : {},
    retries: typeof config.retries === "number" ? config.retries : DEFAULT_RETRIES,
    earlyAuthCheck: (config.earlyAuthCheck ?? environment.GITLAB_EARLY_AUTH_CHECK !== "false") !== false,
  };
}

function baseUrlOf(address: string): URL {
  if (!URL.canParse(address)) throw new Error(`gitlab provider: baseUrl is not a URL: ${address}`);
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new Error(`gitlab provider: baseUrl must begin with https:// or http://: ${address}`);
  }
  if (!url.pathname.endsWith("/api/v4/")) {
    throw new Error(`gitlab provider: baseUrl must end with /api/v4/: ${address}`);
  }
  return url;
}

function tokenOf(token: string | undefined): string {
  if (token === undefined) {
    throw new Error(
      "gitlab provider: no token; set GITLAB_TOKEN, or token in the provider's config as a secret",
    );
  }
  return token;
}

function contentOf(name: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`gitlab provider: cannot read ${name} ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function text(value: PlainValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
