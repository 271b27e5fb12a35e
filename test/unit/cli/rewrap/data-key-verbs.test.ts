import { expect, test } from "vitest";
import { DATA_KEY_VERBS, verbsFor } from "../../../../cli/rewrap/data-keys/verbs";
import { RECIPIENT_KINDS, type RecipientKind } from "../../../../cli/sops-file/recipient";

test("every kind has its verbs, and each makes a new data key", () => {
  expect(Object.keys(DATA_KEY_VERBS).sort()).toEqual([...RECIPIENT_KINDS].sort());
  expect(Object.values(DATA_KEY_VERBS).every((verbs) => verbs.at(-1) === "rotate")).toBe(true);
});

test.each<[RecipientKind[], string[]]>([
  [["hc_vault"], ["rotate"]],
  [["azure_kv"], ["updatekeys", "rotate"]],
  [["kms", "gcp_kms"], ["rotate"]],
  [
    ["hc_vault", "age"],
    ["updatekeys", "rotate"],
  ],
])("%j: %j", (kinds, verbs) => {
  expect(verbsFor(kinds)).toEqual(verbs);
});
