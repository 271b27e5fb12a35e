import { describe, expect, test } from "vitest";
import { dhallEnvironment, helmEnvironment } from "../../../../cli/chart/render/tool-environment";

const ENV = {
  PATH: "/bin",
  HOME: "/home/somebody",
  HELM_REGISTRY_CONFIG: "/home/somebody/registry.json",
  https_proxy: "http://proxy.example.com",
  CI_COMMIT_SHA: "4711",
  CI_JOB_TOKEN: "token",
  VAULT_ID_TOKEN: "token",
  VAULT_ADDR: "https://vault.example.com",
  SOPS_AGE_KEY: "key",
  SOPSLOOP_DIGEST_KEY: "key",
  AWS_ACCESS_KEY_ID: "id",
  DB_USER: "user",
  CI_REPOSITORY_URL: "https://gitlab-ci-token:token@gitlab.example.com/a/b.git",
  CI_JOB_JWT_V2: "token",
  DOCKER_AUTH_CONFIG: "{}",
  MIRROR: "see https://user:pass/word@mirror.example.com/",
  CI_PROJECT_URL: "https://gitlab.example.com:8443/a/b",
};

describe("the environment of", () => {
  test("helm: what it reads itself, and nothing else", () => {
    expect(Object.keys(helmEnvironment(ENV))).toEqual([
      "PATH",
      "HOME",
      "HELM_REGISTRY_CONFIG",
      "https_proxy",
    ]);
  });

  test("dhall: everything but the mapping's variables and credentials", () => {
    expect(Object.keys(dhallEnvironment(ENV, new Set(["DB_USER"])))).toEqual([
      "PATH",
      "HOME",
      "HELM_REGISTRY_CONFIG",
      "https_proxy",
      "CI_COMMIT_SHA",
      "CI_PROJECT_URL",
    ]);
  });
});
