import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { secretValue } from "../../../../../cli/backends/azure/secret-value";

describe("the value of an answer", () => {
  test("is taken out as bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.boolean(), (bytes, pretty) => {
        const value = Buffer.from(bytes);
        for (const encoding of ["base64url", "base64"] as const) {
          const answer = { kid: "https://v/keys/value/1", value: value.toString(encoding) };
          const body = Buffer.from(JSON.stringify(answer, undefined, pretty ? 2 : undefined));
          expect(secretValue(body)).toEqual(value);
        }
      }),
    );
  });

  test.each([
    "",
    "{}",
    '{"value":null}',
    '{"value":""}',
    '{"value":"AAAA',
    '{"value" "AAAA"}',
    '{"value":"AA AA"}',
    '{"value":"A"}',
    '{"value":"====="}',
    '{"values":"AAAA"}',
    '"value"',
  ])("%j holds none", (body) => {
    expect(secretValue(Buffer.from(body))).toBeUndefined();
  });
});
