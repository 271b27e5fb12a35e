import { expect, test } from "vitest";
import { FileAudit } from "../../../components/vault/file-audit";
import { childrenOf, outputsOf } from "../harness";
import { NOTHING } from "./take-overs";

const make = () =>
  new FileAudit("vault", { path: "/var/log/vault/audit.log", mount: "file", existing: NOTHING });

test.each([false, true])("makes one file device (preview: %s)", async (preview) => {
  expect(await childrenOf(make, { preview })).toEqual([
    'vault:index/audit:Audit vault-device {"description":"by-test","options":{"file_path":"/var/log/vault/audit.log"},"path":"file","type":"file"}',
  ]);
  expect(await outputsOf(make, { preview })).toEqual({ path: "/var/log/vault/audit.log" });
});
