import { describe, expect, test } from "vitest";
import { evaluate } from "../../../policies/evaluate";
import { CIPHERTEXT, UNKNOWN } from "./support/resources";
import { key, mount } from "./support/vault";

describe("evaluate", () => {
  test("gives findings worst first, with all that a report needs", () => {
    const { findings } = evaluate([
      mount({ description: "" }),
      key({ exportable: true, autoRotatePeriod: 0 }),
    ]);
    const severities = findings.map(({ severity }) => severity);
    const order = ["critical", "high", "medium", "low"];
    expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(findings[0]).toEqual({
      rule: "vault-transit-key-unexportable",
      severity: "critical",
      enforcement: "mandatory",
      urn: key().urn,
      message:
        "it: can be exported, and no audit log tells what is decrypted with the copy; set exportable to false in a new key, Vault never takes it back in this one",
      title: "A transit key cannot leave Vault",
      remedy:
        "Leave `exportable` out. For a key that has it already: make a new key and move the files to it.",
      references: [],
    });
  });

  test("keeps what a rule had found before it met a value that it cannot read", () => {
    const { findings, undecided } = evaluate([key({ type: "ed25519", derived: UNKNOWN })]);
    expect(findings.map(({ rule }) => rule)).toContain("vault-transit-key-type");
    expect(undecided.map(({ rule, path }) => [rule, path])).toContainEqual([
      "vault-transit-key-type",
      "derived",
    ]);
  });

  test("takes a secret for one that is there", () => {
    const { findings, undecided } = evaluate([key({ exportable: CIPHERTEXT })]);
    expect(findings.map(({ rule }) => rule)).not.toContain("vault-transit-key-unexportable");
    expect(undecided).toContainEqual(expect.objectContaining({ reason: "secret", path: "exportable" }));
  });

  test("judges each stack by itself", () => {
    const two = [mount(), mount({}, { stack: "prod" })];
    const { findings } = evaluate(two);
    expect(findings.filter(({ rule }) => rule === "vault-transit-mount-no-upsert")).toHaveLength(2);
  });

  test("of nothing is nothing", () => {
    expect(evaluate([])).toEqual({ findings: [], undecided: [], judged: 0 });
  });
});
