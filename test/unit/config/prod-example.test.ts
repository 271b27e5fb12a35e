import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { parse } from "./parsing";

const EXAMPLE = join(__dirname, "..", "..", "..", "Pulumi.prod.yaml.example");

test("the example of a prod stack is a config without an error", () => {
  const { config } = parseYaml(readFileSync(EXAMPLE, "utf8")) as { config: Record<string, unknown> };
  const sections = Object.entries(config).map(([key, value]) => [key.replace("sopsloop:", ""), value]);
  // Its one secret is set by a command.
  const parsed = parse({ ...Object.fromEntries(sections), alertAddress: "https://hooks.example.com/x" });
  expect(parsed).toMatchObject({ ok: true });
});

test("a day is read as the engine hands it over: with a time, where it has no quotes in the file", () => {
  const text = readFileSync(EXAMPLE, "utf8");
  const read = (day: string) => {
    const { config } = parseYaml(text.replace("2027-06-30", JSON.stringify(day))) as {
      config: Record<string, { relay?: object }>;
    };
    const sections = Object.entries(config).map(([key, value]) => [key.replace("sopsloop:", ""), value]);
    return parse({ ...Object.fromEntries(sections), alertAddress: "https://hooks.example.com/x" });
  };
  const plain = read("2027-06-30");
  expect(plain).toMatchObject({
    ok: true,
    settings: { azure: { relay: { secretsExpire: Date.UTC(2027, 5, 30) / 1000 } } },
  });
  expect(read("2027-06-30 00:00:00 +0000 UTC")).toEqual(plain);
  expect(read("2027-06-30 12:00:00 +0000 UTC")).toMatchObject({ ok: false });
});
