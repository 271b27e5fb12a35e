import fc from "fast-check";
import { expect, test } from "vitest";
import { RelayLog } from "../../../relay/observe/relay-log";

function logged(text: string, secrets: readonly string[] = []): string {
  const lines: string[] = [];
  new RelayLog(
    (line) => lines.push(line),
    () => secrets,
  ).error(text, { why: text });
  return lines.join("\n");
}

test.each([
  "glptt-0123456789abcdef",
  "glpat-0123456789abcdef",
  "Authorization: Bearer abc.def.ghi",
  "POST /events?code=hunter2&x=1",
  "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln",
])("%s never gets into a line", (text) => {
  expect(logged(`before ${text} after`)).not.toMatch(/glptt-|glpat-|Bearer|code=|eyJ/);
});

test("a live secret is hidden wherever it stands, whatever it looks like", () => {
  const printable = fc.string({
    minLength: 32,
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(printable, fc.string(), fc.string(), (secret, before, after) => {
      const [line = ""] = logged(`${before}${secret}${after}`, [secret]).split("\n");
      const { message, why } = JSON.parse(line);
      expect(message).not.toContain(secret);
      expect(why).not.toContain(secret);
    }),
  );
});

test("a line is one line, whatever is in it", () => {
  expect(logged('a\nb\r\n"c" \u2028')).not.toMatch(/\n./);
});
