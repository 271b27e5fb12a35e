import fc from "fast-check";
import { expect, test } from "vitest";
import { secretsOf } from "../../../../../cli/preview-comment/secrets/environment-secrets";
import { masked } from "../../../../../cli/preview-comment/secrets/masks";
import { Scrubber } from "../../../../../cli/preview-comment/secrets/scrubber";

test("what is known to be secret is taken out wherever it stands, the longest first", () => {
  const scrubber = new Scrubber(["hunter22", "hunter22-and-more", "Zq8-Zq8-Zq8"]);
  expect(scrubber.text("a hunter22-and-more,hunter22hunter22 Zq8-Zq8-Zq8-Zq8")).toBe(
    "a [secret],[secret][secret] [secret]-Zq8",
  );
  expect(scrubber.all({ hunter22: ["x hunter22", 1, null, { a: undefined }] })).toEqual({
    "[secret]": ["x [secret]", 1, null, { a: undefined }],
  });
});

test("short values and plain words are not, since they mean other things elsewhere", () => {
  const scrubber = new Scrubber(["", "production", "true", "[secret]", "abc1"]);
  expect(scrubber.text("production is true [secret] abc1")).toBe("production is true [secret] abc1");
});

test("no text keeps a secret, however they overlap", () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 20, unit: fc.constantFrom("a", "b", "1") })
    .filter((text) => /1/.test(text));
  const text = fc.string({ maxLength: 60, unit: fc.constantFrom("a", "b", "1", " ") });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), text, text, (secrets, before, after) => {
      const [first = ""] = secrets;
      const shown = new Scrubber(secrets).text(`${before}${first}${after}`);
      for (const one of secrets) expect(shown).not.toContain(one);
    }),
  );
});

test("what was masked once stays as it is", () => {
  fc.assert(
    fc.property(
      fc
        .array(
          fc.constantFrom(
            "token: ",
            "password=",
            "hvs.",
            "abcdef0123456789",
            "[secret]",
            " ",
            "\n",
            "https://a:b@c",
            "eyJhbGci.eyJzdWI.c2ln",
          ),
        )
        .map((parts) => parts.join("")),
      (text) => {
        expect(masked(masked(text))).toBe(masked(text));
      },
    ),
  );
});

test("variables of the job that are secret by their names", () => {
  const env = {
    GITLAB_TOKEN: "glpat-1",
    PULUMI_CONFIG_PASSPHRASE: "phrase",
    VAULT_TOKEN_FILE: "/x",
    GITLAB_TOKEN_PATH: "secret/x",
    HOME: "/root",
    CI_JOB_ID: "1",
    NPM_TOKEN: undefined,
  };
  expect(secretsOf(env)).toEqual(["glpat-1", "phrase"]);
});
