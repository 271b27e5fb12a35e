import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { proxyFor } from "../../../sandbox/providers/engine/proxy";

const ARM = new URL("https://management.azure.com/x");

beforeEach(() => {
  for (const name of ["https_proxy", "http_proxy", "all_proxy", "no_proxy"])
    for (const variable of [name, name.toUpperCase()]) vi.stubEnv(variable, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe("the proxy for a server", () => {
  it("is none where the environment names none", () => {
    expect(proxyFor(ARM)).toBeUndefined();
  });

  it.each([
    ["HTTPS_PROXY", "http://127.0.0.1:1", "http://127.0.0.1:1"],
    ["https_proxy", "https://proxy.example.com", "https://proxy.example.com"],
    ["ALL_PROXY", "http://127.0.0.1:2", "http://127.0.0.1:2"],
    ["HTTPS_PROXY", "127.0.0.1:3", "http://127.0.0.1:3"],
  ])("is what %s=%s names", (name, value, proxy) => {
    vi.stubEnv(name, value);
    expect(proxyFor(ARM)).toBe(proxy);
  });

  it.each([
    ["a server that NO_PROXY names", "https://vault.example.com/"],
    ["this machine", "https://127.0.0.1:8200/"],
    ["this machine by its name", "https://localhost/"],
    ["this machine by IPv6", "https://[::1]:8200/"],
    ["plain HTTP", "http://management.azure.com/"],
  ])("is none for %s", (_what, url) => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("NO_PROXY", "vault.example.com");
    expect(proxyFor(new URL(url))).toBeUndefined();
  });
});
