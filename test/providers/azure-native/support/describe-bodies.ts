import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";
import { azureTest } from "./azure-test";
import { GROUP } from "./recorded-azure";

export const KEY_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sops/keys/sops`;

/** A type as ARM's reference has its body, where that differs from the SDK. */
export interface BodyCase {
  readonly token: string;
  readonly inputs: PlainMap;
  /** Below the resource group, or the whole id. */
  readonly id: string;
  /** What ARM is sent. */
  readonly sent: PlainMap;
  /** What ARM answers, beside what it was sent. */
  readonly answered?: PlainMap;
  readonly outputs: PlainMap;
}

/** What Azure never tells, and what it wants though nobody says it. */
const NEVER_TOLD = /createMode|properties\.value|endpointUrl|accessPolicies/;

/** Sets the hooks of a test file, and makes and reads each type in it. */
export function describeBodies(cases: readonly BodyCase[]): void {
  const test = azureTest();

  describe.each(cases.map((one) => [one.token, one] as const))(
    "%s",
    (name, { inputs, id, sent, answered, outputs }) => {
      const token = `azure-native:${name}`;
      const scope = "scope" in inputs && !id.startsWith("/") ? String(inputs.scope) : GROUP;
      const whole = id.startsWith("/") ? id : `${scope}/providers/${id}`;
      const body = { ...sent, ...answered, id: whole };

      it("is sent as ARM has it, and told as the SDK has it", async () => {
        test.azure
          .answers(`GET ${whole}`, { status: 404 }, { body })
          .answers(`PUT ${whole}`, { status: 201, body });
        const made = await test.plugin.create(token, inputs);
        expect(made.id).toBe(whole);
        expect(test.azure.taken().find(({ line }) => line.startsWith("PUT"))?.body).toEqual(sent);
        expect(made.outputs).toMatchObject(outputs);
        expect((await test.plugin.diff(token, made, made.inputs)).changed).toBe(false);
      });

      it("is read without a difference, and imported as what would make it", async () => {
        test.azure.answers(`GET ${whole}`, { body: { ...sent, id: whole } });
        const checked = await test.plugin.check(token, inputs);
        const first = await test.plugin.read(token, { id: whole, inputs: checked, outputs: {} });
        if (first === undefined) throw new Error("it is there");
        const again = await test.plugin.read(token, { ...first, inputs: checked });
        expect(again?.inputs).toEqual(checked);
        const imported = await test.plugin.read(token, whole);
        if (imported === undefined) throw new Error("it is there");
        const diff = await test.plugin.diff(token, imported, checked);
        expect(Object.keys(diff.detailed).filter((path) => !NEVER_TOLD.test(path))).toEqual([]);
      });
    },
  );
}
