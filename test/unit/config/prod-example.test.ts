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
