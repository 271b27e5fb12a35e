import { describe, expect, test } from "vitest";
import { AT_DATABASE, AT_TLS, refusalStage } from "../support/refusal-stage";

const stage = refusalStage();

describe("sopsloop chart refuses", () => {
  test.each([
    [
      "a variable that is not set",
      { DB_USER: undefined },
      [`${AT_DATABASE}, key username: DB_USER is not set; set it, or declare the key as optional: true`],
    ],
    [
      "an empty one",
      { DB_PASSWORD: "" },
      [`${AT_DATABASE}, key password: DB_PASSWORD is set, but empty; give it a value, or unset it`],
    ],
    [
      "an optional one that is empty",
      { REPLICA_URL: "" },
      [`${AT_DATABASE}, key replica: REPLICA_URL is set, but empty; give it a value, or unset it`],
    ],
    [
      "several lines where one is declared",
      { DB_PASSWORD: "one\ntwo\nthree\n" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD holds 3 lines where one is declared; if that is right, declare it with form: lines`,
      ],
    ],
    [
      "a line end that came along",
      { DB_PASSWORD: "one\n" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD ends in a line end; take it off, or declare it with form: lines to keep it`,
      ],
    ],
    [
      "what is not base64",
      { KEYSTORE: "not base64!" },
      [`${AT_DATABASE}, key keystore.p12: KEYSTORE is not base64; make it by: base64 -w0 <file>`],
    ],
    [
      "what sops has encrypted already",
      { DB_PASSWORD: "ENC[AES256_GCM,data:aGk=,iv:aGk=,tag:aGk=,type:str]" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD holds a value that sops encrypted; give it the value itself, which is encrypted here`,
      ],
    ],
    [
      "what age has encrypted already",
      { TLS_KEY: "-----BEGIN AGE ENCRYPTED FILE-----\naGk=\n" },
      [
        `${AT_TLS}, key tls.key: TLS_KEY holds a file that age encrypted; give it the value itself, which is encrypted here`,
      ],
    ],
    [
      "all of them at once",
      { DB_USER: undefined, TLS_CERT: "" },
      [
        `${AT_DATABASE}, key username: DB_USER is not set; set it, or declare the key as optional: true`,
        `${AT_TLS}, key tls.crt: TLS_CERT is set, but empty; give it a value, or unset it`,
      ],
    ],
  ] as const)("%s", async (_, env, lines) => {
    expect(stage.linesOf(await stage.project.run([], env), 1)).toEqual(lines);
  });

  test("a docker config that is no JSON, without quoting it", async () => {
    stage.project.write(
      "secrets.yaml",
      "secrets:\n  - name: pull\n    type: kubernetes.io/dockerconfigjson\n    keys: { .dockerconfigjson: DB_PASSWORD }\n",
    );
    expect(stage.linesOf(await stage.project.run(), 1)).toEqual([
      "secrets.yaml:2: Secret shop/pull, key .dockerconfigjson: its value is no JSON object, which type kubernetes.io/dockerconfigjson needs",
    ]);
  });

  test("an env file that a shell would read in another way, or that differs from the environment", async () => {
    stage.project.write("local.env", "DB_USER=another-user\nDB_PASSWORD=two words\nno assignment\nA='x\n");
    expect(stage.linesOf(await stage.project.run(["--env-file=local.env"]), 1)).toEqual([
      "local.env:2: DB_PASSWORD holds a space, a quote, # or another character that a shell reads in its own way, or its quote is not closed; put the value into single quotes",
      "local.env:3: no NAME=value; begin a remark with #",
      "local.env:4: A holds a space, a quote, # or another character that a shell reads in its own way, or its quote is not closed; put the value into single quotes",
      "local.env:1: DB_USER is another one than in the environment; unset one of the two: unset DB_USER",
    ]);
  });
});
