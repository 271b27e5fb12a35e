import { describe, expect, test } from "vitest";
import { grantsOf } from "../../../../policies/reading/vault-policy";
import { NotDecidable } from "../../../../policies/values/not-decidable";
import { Reader } from "../../../../policies/values/reader";

const read = (text: string) => grantsOf(new Reader(text, ["policy"], "urn"));
const one = (text: string) =>
  read(text).map(({ path, capabilities }) => `${path}: ${capabilities.join(",")}`);

describe("a policy's text", () => {
  test.each([
    ["one block", 'path "a/b" {\n  capabilities = ["read", "update"]\n}', ["a/b: read,update"]],
    [
      "several blocks",
      'path "a" { capabilities = ["read"] }\npath "b" { capabilities = ["list"] }',
      ["a: read", "b: list"],
    ],
    [
      "comments of every kind",
      '# path "x" {}\n// y\n/* path "z" { */\npath "a" { # c\n capabilities = ["read"] // d\n}',
      ["a: read"],
    ],
    ["a sign of a comment in a path", 'path "a/#b//c" { capabilities = ["read"] }', ["a/#b//c: read"]],
    ["a trailing comma", 'path "a" { capabilities = ["read",] }', ["a: read"]],
    [
      "parameters beside capabilities",
      'path "a" { capabilities = ["update"]\n allowed_parameters = { "capabilities" = ["sudo"]\n x = [] }\n min_wrapping_ttl = "1m" }',
      ["a: update"],
    ],
    ["the old words", 'path "a" { policy = "write" }', ["a: create,read,update,delete,list"]],
    ["a name above", 'name = "mine"\npath "a" { capabilities = ["read"] }', ["a: read"]],
    ["no capability", 'path "a" {}', ["a: "]],
    ["nothing", "  \n# only a comment\n", []],
    ["JSON", '{"path": {"a": {"capabilities": ["read"]}, "b": {"policy": "deny"}}}', ["a: read", "b: deny"]],
    ["keys in quotes", 'path "a" { "capabilities" = ["update"] }', ["a: update"]],
    [
      "the old word by a key in quotes",
      '"path" "a" { "policy" = "write" }',
      ["a: create,read,update,delete,list"],
    ],
    [
      "an old word and capabilities",
      'path "a" { policy = "read"\n capabilities = ["sudo"] }',
      ["a: read,list,sudo"],
    ],
    ["an empty list", 'path "a" { capabilities = [] }', ["a: "]],
    ["parameters alone", 'path "a" { allowed_parameters { "capabilities" = ["update"] } }', ["a: "]],
    ["letters by their numbers", 'path "\\u0061" { capabilities = ["\\u0075pdate"] }', ["a: update"]],
    [
      "JSON with a list of blocks",
      '{"path": [{"a": {"capabilities": ["update"]}}, {"b": [{"policy": "deny"}, {"capabilities": ["read"]}]}]}',
      ["a: update", "b: deny,read"],
    ],
    [
      "JSON that says a path twice",
      '{"path": {"a": {"capabilities": ["sudo"]}}, "path": {"a": {"capabilities": ["update"]}, "a": {}}}',
      ["a: sudo", "a: update", "a: "],
    ],
    ["JSON without paths", '{"name": "x"}', []],
    ["an escaped quote", 'path "a\\"b" { capabilities = ["read"] }', ['a"b: read']],
  ])("%s", (_, text, grants) => {
    expect(one(text)).toEqual(grants);
  });

  test.each([
    ["an open block", 'path "a" { capabilities = ["read"]'],
    ["another block", 'rule "a" { capabilities = ["read"] }'],
    ["a sign that HCL does not have", 'path "a" ; { }'],
    ["an old word that Vault has not", 'path "a" { policy = "admin" }'],
    ["capabilities that are no list", 'path "a" { capabilities = "update" }'],
    ["a list of lists", 'path "a" { capabilities = [["update"]] }'],
    ["a letter as HCL alone writes it", 'path "a" { capabilities = ["\\x75pdate"] }'],
    ["a key without a value", 'path "a" { capabilities }'],
    ["a path in JSON that is no object", '{"path": ["a"]}'],
    ["something behind the JSON", '{"path": {}} path "a" { capabilities = ["update"] }'],
    ["broken JSON", '{"path": '],
  ])("cannot be told: %s", (_, text) => {
    expect(() => read(text)).toThrow(NotDecidable);
  });
});
