import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";

/** How to reach one cluster, and as whom. */
export interface ClusterAccess {
  /** Base address of the API server. */
  readonly server: URL;
  /** PEM; absent means the system's own authorities. */
  readonly ca?: Buffer;
  readonly serverName?: string;
  readonly certificate?: { readonly cert: Buffer; readonly key: Buffer };
  /** Called for each request: a token file may be renewed under our feet. */
  readonly token?: () => string;
  /** The context's own namespace. */
  readonly namespace?: string;
}

const CLUSTER_KEYS = [
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "tls-server-name",
  "extensions",
];
const USER_KEYS = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
  "extensions",
];

/**
 * Reads a kubeconfig: `setting` is a path (relative to the working folder) or the content itself; absent means
 * `$KUBECONFIG`, then `~/.kube/config`. Throws one line that names the file and the entry at fault.
 */
export function loadKubeconfig(setting: string | undefined, context: string | undefined): ClusterAccess {
  if (setting !== undefined && isContent(setting))
    return readKubeconfig(setting, ".", "the kubeconfig setting", context);
  const path = setting || process.env.KUBECONFIG || resolve(homedir(), ".kube/config");
  return readKubeconfig(readText(path, "kubeconfig"), dirname(path), path, context);
}

/** `folder` is what paths inside are relative to, `origin` what messages call the text. */
export function readKubeconfig(
  text: string,
  folder: string,
  origin: string,
  context?: string,
): ClusterAccess {
  const fail = (problem: string): never => {
    throw new Error(`${origin}: ${problem}`);
  };
  const root = parseRoot(text, fail);
  const contextName = context ?? textAt(root, "current-context") ?? "";
  if (contextName === "") fail("no context is chosen; set current-context, or the provider's context");
  const chosen = named(root, "contexts", contextName, "context", fail);
  const cluster = named(root, "clusters", textAt(chosen, "cluster") ?? "", "cluster", fail);
  const user = named(root, "users", textAt(chosen, "user") ?? "", "user", fail);
  refuseOthers(cluster, CLUSTER_KEYS, "cluster", fail);
  refuseOthers(user, USER_KEYS, "user", fail);

  const bytes = (map: PlainMap, key: string): Buffer | undefined => {
    const data = textAt(map, `${key}-data`);
    if (data !== undefined) return Buffer.from(data, "base64");
    const file = textAt(map, key);
    return file === undefined ? undefined : Buffer.from(readText(resolve(folder, file), key));
  };
  const ca = bytes(cluster, "certificate-authority");
  const cert = bytes(user, "client-certificate");
  const key = bytes(user, "client-key");
  if ((cert === undefined) !== (key === undefined)) fail("a client certificate and its key go together");
  const token = tokenOf(user, folder);
  const serverName = textAt(cluster, "tls-server-name");
  const namespace = textAt(chosen, "namespace");
  return {
    server: serverOf(cluster, fail),
    ...(ca && { ca }),
    ...(serverName && { serverName }),
    ...(cert && key && { certificate: { cert, key } }),
    ...(token && { token }),
    ...(namespace && { namespace }),
  };
}

function isContent(setting: string): boolean {
  return setting.includes("\n") || setting.trimStart().startsWith("{");
}

function parseRoot(text: string, fail: (problem: string) => never): PlainMap {
  let root: PlainValue;
  try {
    root = parse(text) as PlainValue;
  } catch {
    // The parser quotes the line it stumbled over, which may hold a token.
    return fail("is not valid YAML");
  }
  return isMap(root) ? root : fail("is not a kubeconfig");
}

function named(
  root: PlainMap,
  list: string,
  name: string,
  what: string,
  fail: (problem: string) => never,
): PlainMap {
  const entries = root[list];
  const entry = isList(entries) ? entries.find((one) => isMap(one) && one.name === name) : undefined;
  const body = isMap(entry) ? entry[what] : undefined;
  return isMap(body) ? body : fail(`has no ${what} named "${name}"`);
}

function refuseOthers(
  map: PlainMap,
  known: readonly string[],
  what: string,
  fail: (problem: string) => never,
): void {
  const other = Object.keys(map).find(
    (key) => !known.includes(key) && map[key] !== null && map[key] !== false,
  );
  if (other === undefined) return;
  fail(
    `the ${what} entry "${other}" is not understood by the stand-in; use a client certificate or a token over TLS`,
  );
}

function serverOf(cluster: PlainMap, fail: (problem: string) => never): URL {
  const address = textAt(cluster, "server") ?? "";
  if (!URL.canParse(address)) fail(`the server address "${address}" is no URL`);
  const server = new URL(address);
  if (server.protocol !== "https:") fail(`the server address ${address} must be https`);
  return server;
}

function tokenOf(user: PlainMap, folder: string): (() => string) | undefined {
  const token = textAt(user, "token");
  if (token !== undefined) return () => token;
  const file = textAt(user, "tokenFile");
  return file === undefined ? undefined : () => readText(resolve(folder, file), "tokenFile").trim();
}

function textAt(map: PlainMap, key: string): string | undefined {
  const value = map[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${what}: cannot read ${path}; does it exist, and may this user read it?`);
  }
}
