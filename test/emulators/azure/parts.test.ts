import { describe, expect, it } from "vitest";
import { allows } from "../../../sandbox/emulators/azure/arm/access";
import { parsePath, within } from "../../../sandbox/emulators/azure/arm/resource-id";
import { passes } from "../../../sandbox/emulators/azure/eventgrid/filter";
import type { SystemEvent } from "../../../sandbox/emulators/azure/eventgrid/model";
import type { JsonObject } from "../../../sandbox/emulators/azure/json";
import { isDuration, shifted } from "../../../sandbox/emulators/azure/keyvault/durations";
import { needOf } from "../../../sandbox/emulators/azure/storage/rights";

describe("paths of ARM", () => {
  const base = "/subscriptions/s/resourceGroups/g";
  const vault = `${base}/providers/Microsoft.KeyVault/vaults/v`;

  it.each([
    { path: base, type: "Microsoft.Resources/resourceGroups", name: "g", scope: "/subscriptions/s" },
    { path: vault, type: "Microsoft.KeyVault/vaults", name: "v", scope: base },
    { path: `${vault}/keys/k`, type: "Microsoft.KeyVault/vaults/keys", name: "k", scope: vault },
    {
      path: `${vault}/keys/k/providers/Microsoft.Authorization/roleAssignments/a`,
      type: "Microsoft.Authorization/roleAssignments",
      name: "a",
      scope: `${vault}/keys/k`,
    },
    {
      path: "/providers/Microsoft.Authorization/roleDefinitions/r",
      type: "Microsoft.Authorization/roleDefinitions",
      name: "r",
      scope: "",
    },
  ])("$path is one $type", ({ path, ...id }) => {
    expect(parsePath(path)).toEqual({ kind: "resource", id: { text: path, ...id } });
  });

  it.each([
    { path: "/subscriptions", type: "Microsoft.Resources/subscriptions", scope: "" },
    {
      path: "/subscriptions/s/resourcegroups",
      type: "Microsoft.Resources/resourceGroups",
      scope: "/subscriptions/s",
    },
    { path: `${base}/providers/Microsoft.KeyVault/vaults`, type: "Microsoft.KeyVault/vaults", scope: base },
    { path: `${vault}/keys`, type: "Microsoft.KeyVault/vaults/keys", scope: vault },
    { path: "/subscriptions/s/resources", type: "", scope: "/subscriptions/s" },
  ])("$path is all $type", ({ path, ...collection }) => {
    expect(parsePath(path)).toEqual({ kind: "collection", ...collection });
  });

  it("are in a scope by whole names, whatever their case", () => {
    expect(within(`${vault.toUpperCase()}/keys/k`, vault)).toBe(true);
    expect(within(`${vault}2`, vault)).toBe(false);
    expect(within("/anything", "/")).toBe(true);
    expect(parsePath("/something/else")).toBeUndefined();
  });
});

describe("permissions", () => {
  const permission = (change: object) => ({
    actions: [],
    notActions: [],
    dataActions: [],
    notDataActions: [],
    ...change,
  });

  it.each([
    { pattern: "*", action: "Microsoft.KeyVault/vaults/keys/decrypt/action", allowed: true },
    {
      pattern: "Microsoft.KeyVault/vaults/*/read",
      action: "microsoft.keyvault/vaults/keys/read",
      allowed: true,
    },
    {
      pattern: "Microsoft.KeyVault/vaults/*/read",
      action: "Microsoft.KeyVault/vaults/keys/decrypt/action",
      allowed: false,
    },
    {
      pattern: "Microsoft.KeyVault/vaults/keys/read",
      action: "Microsoft.KeyVault/vaults/keys/read/more",
      allowed: false,
    },
    { pattern: "Microsoft.KeyVault.vaults", action: "MicrosoftXKeyVault.vaults", allowed: false },
  ])("$pattern and $action: $allowed", ({ pattern, action, allowed }) => {
    expect(allows(permission({ dataActions: [pattern] }), action, "data")).toBe(allowed);
    expect(allows(permission({ actions: [pattern] }), action, "data")).toBe(false);
  });
});

describe("durations of rotation policies", () => {
  it.each([
    { from: "2027-01-31T12:00:00Z", duration: "P1M", to: "2027-02-28T12:00:00Z" },
    { from: "2028-02-29T00:00:00Z", duration: "P1Y", to: "2029-02-28T00:00:00Z" },
    { from: "2027-01-01T00:00:00Z", duration: "P1Y2M3D", to: "2028-03-04T00:00:00Z" },
    { from: "2027-03-01T00:00:00Z", duration: "P90D", to: "2027-05-30T00:00:00Z" },
  ])("$from and $duration is $to", ({ from, duration, to }) => {
    expect(shifted(Date.parse(from) / 1_000, duration, 1)).toBe(Date.parse(to) / 1_000);
  });

  it("are those of the calendar only", () => {
    for (const text of ["P", "P1W", "PT1H", "1D", "P-1D", "P1.5D", "p1d"])
      expect(isDuration(text)).toBe(false);
    expect(shifted(Date.parse("2027-03-31T00:00:00Z") / 1_000, "P1M", -1)).toBe(
      Date.parse("2027-02-28T00:00:00Z") / 1_000,
    );
  });
});

describe("filters of event subscriptions", () => {
  const event: SystemEvent = {
    id: "1",
    source: "/vault",
    type: "Microsoft.KeyVault.KeyNewVersionCreated",
    subject: "sops",
    time: "2027-01-01T00:00:00Z",
    data: { ObjectName: "sops", EXP: 12, Flag: true, Names: ["a", "b"] },
  };
  const advanced = (operatorType: string, key: string, wanted: object): JsonObject => ({
    enableAdvancedFilteringOnArrays: true,
    advancedFilters: [{ operatorType, key, ...wanted } as JsonObject],
  });

  it.each([
    { filter: {}, lets: true },
    { filter: { includedEventTypes: ["microsoft.keyvault.keynewversioncreated"] }, lets: true },
    { filter: { includedEventTypes: ["Microsoft.KeyVault.KeyExpired"] }, lets: false },
    { filter: { subjectBeginsWith: "SO", subjectEndsWith: "ps" }, lets: true },
    { filter: { subjectBeginsWith: "SO", isSubjectCaseSensitive: true }, lets: false },
    { filter: advanced("StringIn", "data.ObjectName", { values: ["x", "SOPS"] }), lets: true },
    { filter: advanced("StringNotIn", "data.ObjectName", { values: ["sops"] }), lets: false },
    { filter: advanced("StringContains", "Subject", { values: ["op"] }), lets: true },
    { filter: advanced("StringNotBeginsWith", "subject", { values: ["so"] }), lets: false },
    { filter: advanced("StringEndsWith", "data.Names", { values: ["b"] }), lets: true },
    { filter: advanced("NumberGreaterThan", "data.EXP", { value: 11 }), lets: true },
    {
      filter: advanced("NumberInRange", "data.EXP", {
        values: [
          [1, 5],
          [10, 12],
        ],
      }),
      lets: true,
    },
    { filter: advanced("NumberNotInRange", "data.EXP", { values: [[10, 12]] }), lets: false },
    { filter: advanced("NumberIn", "data.None", { values: [1] }), lets: false },
    { filter: advanced("BoolEquals", "data.Flag", { value: true }), lets: true },
    { filter: advanced("IsNullOrUndefined", "data.None", {}), lets: true },
    { filter: advanced("IsNotNull", "data.None", {}), lets: false },
  ])("$filter: $lets", ({ filter, lets }) => {
    expect(passes(filter as JsonObject, event)).toBe(lets);
  });
});

describe("what requests to storage need", () => {
  const blobs = "Microsoft.Storage/storageAccounts/blobServices";
  const tables = "Microsoft.Storage/storageAccounts/tableServices/tables";

  it.each([
    { kind: "blob", method: "GET", path: "/c/b", action: `${blobs}/containers/blobs/read` },
    { kind: "blob", method: "PUT", path: "/c/a/b", action: `${blobs}/containers/blobs/write` },
    { kind: "blob", method: "DELETE", path: "/c/b", action: `${blobs}/containers/blobs/delete` },
    {
      kind: "blob",
      method: "GET",
      path: "/c?restype=container&comp=list",
      action: `${blobs}/containers/blobs/read`,
    },
    { kind: "blob", method: "PUT", path: "/c?restype=container", action: `${blobs}/containers/write` },
    { kind: "blob", method: "GET", path: "/?comp=list", action: `${blobs}/containers/read` },
    { kind: "table", method: "POST", path: "/Tables", action: `${tables}/write` },
    { kind: "table", method: "DELETE", path: "/Tables('claims')", action: `${tables}/delete` },
    { kind: "table", method: "GET", path: "/claims()", action: `${tables}/entities/read` },
    {
      kind: "table",
      method: "PATCH",
      path: "/claims(PartitionKey='a',RowKey='b')",
      action: `${tables}/entities/write`,
    },
  ] as const)("$kind $method $path: $action", ({ kind, method, path, action }) => {
    expect(needOf(kind, method, new URL(path, "https://account.core"))?.actions).toContain(action);
  });

  it("is unknown for what is not emulated", () => {
    expect(needOf("blob", "POST", new URL("https://account.core/?comp=batch"))).toBeUndefined();
    expect(needOf("table", "POST", new URL("https://account.core/$batch"))).toBeUndefined();
  });
});
