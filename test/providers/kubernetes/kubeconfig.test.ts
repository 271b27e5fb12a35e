import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadKubeconfig, readKubeconfig } from "../../../sandbox/providers/kubernetes/kubeconfig";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A kubeconfig with one context, "here", and the given entries. */
function config(cluster: object, user: object, context: object = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "c", user: "u", ...context } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443", ...cluster } }],
    users: [{ name: "u", user }],
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a kubeconfig", () => {
  it("with a token and CA data", () => {
    const access = readKubeconfig(
      config({ "certificate-authority-data": base64("CA") }, { token: "t" }),
      folder,
      "it",
    );
    expect(access.server.href).toBe("https://127.0.0.1:6443/");
    expect(access.ca?.toString()).toBe("CA");
    expect(access.token?.()).toBe("t");
    expect(Object.keys(access).sort()).toEqual(["ca", "server", "token"]);
  });

  it("with a client certificate, from data and from a file beside it", () => {
    writeFileSync(join(folder, "client.key"), "KEY");
    const user = { "client-certificate-data": base64("CERT"), "client-key": "client.key" };
    const access = readKubeconfig(config({}, user), folder, "it");
    expect(access.certificate?.cert.toString()).toBe("CERT");
    expect(access.certificate?.key.toString()).toBe("KEY");
    expect(access.token).toBeUndefined();
  });

  it("with a token file, which is read anew each time", () => {
    writeFileSync(join(folder, "token"), "one\n");
    const access = readKubeconfig(config({}, { tokenFile: "token" }), folder, "it");
    expect(access.token?.()).toBe("one");
    writeFileSync(join(folder, "token"), "two\n");
    expect(access.token?.()).toBe("two");
  });

  it("with a CA file, a TLS server name and a namespace of its own", () => {
    writeFileSync(join(folder, "ca.pem"), "CA");
    const text = config(
      { "certificate-authority": "ca.pem", "tls-server-name": "k8s" },
      {},
      { namespace: "mine" },
    );
    const access = readKubeconfig(text, folder, "it");
    expect(access).toMatchObject({ serverName: "k8s", namespace: "mine", ca: Buffer.from("CA") });
  });

  it("is found by path, and taken as content", () => {
    const text = config({}, { token: "t" });
    const path = join(folder, "config");
    writeFileSync(path, text);
    expect(loadKubeconfig(path, undefined).token?.()).toBe("t");
    expect(loadKubeconfig(text, "here").token?.()).toBe("t");
  });

  it.each([
    [
      "no context",
      stringify({ kind: "Config" }),
      undefined,
      "it: no context is chosen; set current-context, or the provider's context",
    ],
    ["a context that is not there", config({}, {}), "other", 'it: has no context named "other"'],
    ["no YAML", "a: [", undefined, "it: is not valid YAML"],
    [
      "http",
      config({ server: "http://127.0.0.1:8080" }, {}),
      undefined,
      "it: the server address http://127.0.0.1:8080 must be https",
    ],
    [
      "an address that is none",
      config({ server: "api" }, {}),
      undefined,
      'it: the server address "api" is no URL',
    ],
    [
      "half a certificate",
      config({}, { "client-key-data": base64("KEY") }),
      undefined,
      "it: a client certificate and its key go together",
    ],
    [
      "an exec plugin",
      config({}, { exec: { command: "aws" } }),
      undefined,
      'it: the user entry "exec" is not understood by the stand-in; use a client certificate or a token over TLS',
    ],
    [
      "switched-off verification",
      config({ "insecure-skip-tls-verify": true }, {}),
      undefined,
      'it: the cluster entry "insecure-skip-tls-verify" is not understood by the stand-in; use a client certificate or a token over TLS',
    ],
  ])("is refused with %s", (_case, text, context, message) => {
    expect(() => readKubeconfig(text, folder, "it", context)).toThrow(new Error(message));
  });

  it("that cannot be read is named", () => {
    const path = join(folder, "missing");
    expect(() => loadKubeconfig(path, undefined)).toThrow(
      new Error(`kubeconfig: cannot read ${path}; does it exist, and may this user read it?`),
    );
  });

  it("never has its text quoted in an error", () => {
    expect(() => readKubeconfig("token: sesame: open", folder, "it")).toThrow(
      new Error("it: is not valid YAML"),
    );
  });
});
