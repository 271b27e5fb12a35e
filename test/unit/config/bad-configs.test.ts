import { describe, expect, test } from "vitest";
import { ACCOUNTS } from "./bad-configs/accounts";
import { AZURE } from "./bad-configs/azure";
import { AZURE_RELAY } from "./bad-configs/azure-relay";
import { FLUX } from "./bad-configs/flux";
import { GITLAB } from "./bad-configs/gitlab";
import { RELAY_DEPLOYMENT } from "./bad-configs/relay-deployment";
import { REST } from "./bad-configs/rest";
import { SHARED } from "./bad-configs/shared";
import { VAULT } from "./bad-configs/vault";
import { errorsOf } from "./parsing";
import { sampleWithAll } from "./sample";

describe.each([
  ["vault", VAULT],
  ["accounts", ACCOUNTS],
  ["flux", FLUX],
  ["gitlab", GITLAB],
  ["azure", AZURE],
  ["azure.relay", AZURE_RELAY],
  ["relay in the cluster", RELAY_DEPLOYMENT],
  ["shared", SHARED],
  ["the rest", REST],
])("one bad value, one line: %s", (_section, table) => {
  test.each(table)("%j", (changes, line) => {
    expect(errorsOf(sampleWithAll(changes))).toEqual([line]);
  });
});

test("no case is there twice", () => {
  const lines = [VAULT, ACCOUNTS, FLUX, GITLAB, AZURE, AZURE_RELAY, RELAY_DEPLOYMENT, SHARED, REST]
    .flat()
    .map(([, line]) => line);
  expect(new Set(lines).size).toBe(lines.length);
});
