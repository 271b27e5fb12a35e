import { expect, test } from "vitest";
import { LIVE_KINDS } from "../../../../../cli/audit/kinds/kinds";
import { IN_AZURE } from "../../../../sandbox/support/planted/in-azure";
import { IN_CLUSTER } from "../../../../sandbox/support/planted/in-cluster";
import { IN_GITLAB } from "../../../../sandbox/support/planted/in-gitlab";
import { IN_LOGINS } from "../../../../sandbox/support/planted/in-logins";
import { IN_VAULT } from "../../../../sandbox/support/planted/in-vault";

/** What a server does not let happen, or could not be healed: these are looked for in facts that the tests here make up. */
const MADE_UP = [
  "azure-identity-missing",
  "azure-key-exportable",
  "azure-key-type",
  "azure-vault-missing",
  "azure-vault-purgeable",
  "vault-key-imported",
];

test("every finding is planted in the sandbox, but for these few", () => {
  const planted = [...IN_VAULT, ...IN_LOGINS, ...IN_CLUSTER, ...IN_GITLAB, ...IN_AZURE].map(({ id }) => id);
  expect([...new Set([...planted, ...MADE_UP])].sort()).toEqual(Object.keys(LIVE_KINDS).sort());
  expect(planted.filter((id) => MADE_UP.includes(id))).toEqual([]);
});
