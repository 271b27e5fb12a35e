import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Resource } from "../plugin-client";
import { CASES } from "./support/cases";
import { sandboxAzure } from "./support/sandbox-azure";

const CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
const SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";

/** There as soon as the app is, and for as long. */
const WITH_THE_APP = ["web:WebAppApplicationSettings", "web:WebAppScmAllowed"];

const test = sandboxAzure();
const made = new Map<string, Resource>();

function there(type: string): Resource {
  const found = made.get(type);
  if (found === undefined) throw new Error(`${type} was not made`);
  return found;
}

const NAMED = CASES.map((one) => [one.type, one] as const);
const CHANGED = NAMED.flatMap(([type, one]) =>
  one.change === undefined ? [] : [[type, one, one.change] as const],
);
const tokenOf = (type: string) => `azure-native:${type}`;

describe("every type", () => {
  it.each(NAMED)(
    "%s is made, read back without a difference, and not made twice",
    async (type, { inputs }) => {
      const { plugin, place } = test;
      const token = tokenOf(type);
      const resource = await plugin.create(token, inputs(place));
      made.set(type, resource);
      expect((await plugin.diff(token, resource, resource.inputs)).detailed).toEqual({});
      const read = await plugin.read(token, resource);
      expect(read?.inputs).toEqual(resource.inputs);
      expect(read?.outputs).toEqual(resource.outputs);
      if (!WITH_THE_APP.includes(type))
        await expect(plugin.create(token, inputs(place))).rejects.toThrow(
          "is there already: import it by the id",
        );
    },
  );

  it.each(CHANGED)("%s is changed in one step", async (type, { inputs }, change) => {
    const { plugin, place } = test;
    const old = there(type);
    const wanted = { ...inputs(place), ...change() };
    const diff = await plugin.diff(
      tokenOf(type),
      old,
      await plugin.check(tokenOf(type), wanted, [], old.inputs),
    );
    expect([diff.changed, diff.replaces]).toEqual([true, []]);
    const changed = await plugin.update(tokenOf(type), old, wanted);
    made.set(type, changed);
    expect((await plugin.read(tokenOf(type), changed))?.inputs).toEqual(changed.inputs);
  });

  it.each(NAMED)("%s is imported as what would make it", async (type, { untold }) => {
    const { id, inputs } = there(type);
    const imported = await test.plugin.read(tokenOf(type), id);
    if (imported === undefined) throw new Error(`${id} is not there`);
    const diff = await test.plugin.diff(tokenOf(type), imported, inputs);
    expect(Object.keys(diff.detailed).filter((path) => untold?.test(path) !== true)).toEqual([]);
  });
});

describe("deletion", () => {
  it("of a key needs a data role on the vault", async () => {
    const { plugin, place } = test;
    await expect(plugin.delete("azure-native:keyvault:Key", there("keyvault:Key"))).rejects.toThrow(
      "the deployer needs a data role on the vault as well, such as Key Vault Crypto Officer",
    );
    for (const role of [CRYPTO_OFFICER, SECRETS_OFFICER])
      await plugin.create("azure-native:authorization:RoleAssignment", {
        scope: place.idOf("Microsoft.KeyVault/vaults", "kv-sops"),
        roleAssignmentName: randomUUID(),
        principalId: place.objectId,
        principalType: "ServicePrincipal",
        roleDefinitionId: place.roleId(role),
      });
  });

  it.each(CASES.map(({ type }) => type).reverse())("of %s leaves nothing to read", async (type) => {
    const token = `azure-native:${type}`;
    const resource = there(type);
    const { plugin } = test;
    await plugin.delete(token, resource);
    if (!WITH_THE_APP.includes(type)) expect(await plugin.read(token, resource)).toBeUndefined();
    await plugin.delete(token, resource);
  });
});
