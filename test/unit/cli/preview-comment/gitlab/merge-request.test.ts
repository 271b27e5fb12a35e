import { describe, expect, test } from "vitest";
import { mergeRequestOf } from "../../../../../cli/preview-comment/gitlab/merge-request";

describe("the variables of the job", () => {
  const env = {
    CI_API_V4_URL: "https://gitlab.example.com/api/v4/",
    CI_PROJECT_ID: "1",
    CI_MERGE_REQUEST_PROJECT_ID: "2",
    CI_MERGE_REQUEST_IID: "3",
    GITLAB_TOKEN: " t\n",
  };

  test("a merge request from a fork belongs to the project that it is made to", () => {
    expect(mergeRequestOf({ env })).toEqual({
      api: "https://gitlab.example.com/api/v4",
      project: "2",
      iid: "3",
      token: "t",
      ca: undefined,
      warnings: [],
    });
    expect(mergeRequestOf({ env: { ...env, CI_MERGE_REQUEST_PROJECT_ID: "" } }).project).toBe("1");
  });

  test("authorities are added to the public ones", () => {
    const { ca } = mergeRequestOf({ env: { ...env, CI_SERVER_TLS_CA_FILE: __filename } });
    expect(ca?.length).toBeGreaterThan(50);
    expect(ca?.at(-1)).toContain("authorities are added");
  });

  test("plain HTTP is warned of", () => {
    expect(mergeRequestOf({ env: { ...env, CI_API_V4_URL: "http://gitlab/api/v4" } }).warnings).toEqual([
      "CI_API_V4_URL has no TLS: whoever stands between here and GitLab can read the token",
    ]);
  });

  test.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ["no token", { GITLAB_TOKEN: "" }, /GITLAB_TOKEN is not set/],
    ["a token of two lines", { GITLAB_TOKEN: "a\nb" }, /GITLAB_TOKEN holds a space or a control character/],
    ["no address", { CI_API_V4_URL: undefined }, /CI_API_V4_URL is not set/],
    ["no address of HTTP", { CI_API_V4_URL: "ftp://x" }, /CI_API_V4_URL="ftp:\/\/x" is no address/],
    ["a password in it", { CI_API_V4_URL: "https://a:b@x" }, /is no address/],
    [
      "no merge request",
      { CI_MERGE_REQUEST_IID: undefined },
      /CI_MERGE_REQUEST_IID is not set; GitLab sets it in pipelines of merge requests/,
    ],
    ["a number that is none", { CI_MERGE_REQUEST_IID: "3/../4" }, /CI_MERGE_REQUEST_IID is no number/],
    ["no project", { CI_PROJECT_ID: "", CI_MERGE_REQUEST_PROJECT_ID: "" }, /CI_PROJECT_ID is not set/],
    [
      "a CA file that is not there",
      { CI_SERVER_TLS_CA_FILE: "/no/such" },
      /CI_SERVER_TLS_CA_FILE: \/no\/such cannot be read \(ENOENT\)/,
    ],
  ])("%s: wrong usage", (_, changes, line) => {
    let caught: unknown;
    try {
      mergeRequestOf({ env: { ...env, ...changes } });
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ exitCode: 2, message: expect.stringMatching(line) });
  });
});
