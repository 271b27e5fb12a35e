import { describe, expect, test } from "vitest";
import { readMapping } from "../../../../cli/chart/mapping/read-mapping";
import { checkRendered } from "../../../../cli/chart/render/rendered-check";
import { contentsOf } from "../../../../cli/chart/values/secret-content";
import { Variables } from "../../../../cli/chart/values/variables";

const ENV = { LONG: "a-secret-of-some-length", SHORT: "admin", KEY: 'first "line"\nsecond line\n' };
const { secrets: declared } = readMapping(
  "m.yaml",
  "secrets:\n  - { name: db, keys: { long: LONG, short: SHORT, key: { variable: KEY, form: lines } } }\n",
  "shop",
);
const { secrets } = contentsOf(declared, Variables.of(ENV, new Set(Object.keys(ENV))), "/");
const check = (text: string) => checkRendered(text, secrets, { chart: "chart", namespace: "shop" });
const object = (kind: string, rest: string) => `---\napiVersion: v1\nkind: ${kind}\n${rest}\n`;

describe("what helm rendered", () => {
  test("is counted without empty documents", () => {
    const text = `${object("ConfigMap", "metadata: {name: a}")}---\n# nothing\n${object("Service", "metadata: {name: b}")}`;
    expect(check(text)).toEqual({ objects: 2, problems: [], notes: [] });
    expect(check("")).toEqual({ objects: 0, problems: [], notes: [] });
  });

  test("may not hold a Secret of the mapping, in the release's namespace or the same by name", () => {
    const line =
      "m.yaml:2: Secret shop/db is also in what chart renders; rename one of the two, or switch the chart's off";
    expect(check(object("Secret", "metadata: {name: db}")).problems).toEqual([line]);
    expect(check(object("Secret", "metadata: {name: db, namespace: shop}")).problems).toEqual([line]);
    expect(check(object("Secret", "metadata: {name: db, namespace: edge}")).problems).toEqual([]);
    expect(check(object("ConfigMap", "metadata: {name: db}")).problems).toEqual([]);
  });

  test("may not hold a value, as it is or as base64, unless it is too short to tell", () => {
    const held = "chart: renders the value of key long of Secret shop/db in plain text";
    for (const text of [ENV.LONG, Buffer.from(ENV.LONG).toString("base64")])
      expect(check(object("ConfigMap", `data: {a: "${text}"}`)).problems).toEqual([
        expect.stringContaining(held),
      ]);
    expect(check(object("ConfigMap", `data: {a: ${ENV.SHORT}}`)).problems).toEqual([]);
  });

  test("nor a value that YAML indents, folds or escapes", () => {
    const held = "chart: renders the value of key key of Secret shop/db in plain text";
    const block = 'data:\n  a: |\n    # of the app\n    first "line"\n    second line\n';
    for (const data of [block, `data: { a: [${JSON.stringify(ENV.KEY)}] }`])
      expect(check(object("ConfigMap", data)).problems).toEqual([expect.stringContaining(held)]);
  });

  test("hooks are told, since Flux knows none", () => {
    const hook = object("Job", 'metadata: {name: migrate, annotations: {"helm.sh/hook": pre-upgrade}}');
    expect(check(hook).notes).toEqual([
      "chart: Job migrate: a hook of Helm's, which Flux applies as a plain object",
    ]);
  });

  test("that is not YAML is told", () => {
    expect(check("a: [\n").problems).toEqual([
      "chart: what helm renders is not YAML; look at helm template chart",
    ]);
  });
});
