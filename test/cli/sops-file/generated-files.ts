import * as fc from "fast-check";
import { Document, visit } from "yaml";

/** A plaintext to encrypt, and the name that tells sops its format. */
export interface Plain {
  readonly name: string;
  readonly content: Buffer;
}

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/).filter((text) => text !== "sops");
/** What people keep: unicode, empty, with spaces, several lines, things that look like other types. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom(
    "",
    " ",
    "true",
    "1e3",
    "null",
    "~",
    "ENC[x]",
    "a: b # c",
    "two\nlines",
    "tab\there",
    "'",
    '"',
    "\\n",
    "žluťoučký 🔑",
  ),
  fc.base64String({ maxLength: 40 }),
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean());
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(word, tie("tree"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  ),
}));
const mapping = fc.dictionary(word, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
const comment = fc
  .stringMatching(/^[ -~]{1,30}$/)
  .filter((line) => line.trim() !== "" && !line.includes("ENC["));

function yamlOf(value: unknown, comments: readonly string[]): string {
  const document = new Document(value);
  let at = 0;
  visit(document, {
    Pair: (_, { key }) => {
      const line = comments[at++];
      if (line !== undefined && typeof key === "object" && key !== null)
        Reflect.set(key, "commentBefore", ` ${line}`);
    },
  });
  return document.toString({ lineWidth: 0 });
}

const yaml = fc
  .array(fc.tuple(mapping, fc.array(comment, { maxLength: 3 })), { minLength: 1, maxLength: 3 })
  .map((documents) => documents.map(([value, comments]) => yamlOf(value, comments)).join("---\n"));
const json = mapping.map((value) => JSON.stringify(value, undefined, 2));
const line = fc.string({ unit: "grapheme", maxLength: 30 }).filter((value) => !/[\r\n\0]/.test(value));
const dotenv = fc
  .array(fc.tuple(word, line, fc.option(comment)), { minLength: 1, maxLength: 6 })
  .map((entries) =>
    entries
      .map(([key, value, above]) => `${above ? `# ${above}\n` : ""}${key.toUpperCase()}=${value}\n`)
      .join(""),
  );
const plainLine = fc.stringMatching(/^[A-Za-z0-9 ./:@+-]{0,30}$/).map((value) => value.trim());
const ini = fc
  .uniqueArray(
    fc.tuple(
      word,
      fc.uniqueArray(fc.tuple(word, plainLine), { minLength: 1, maxLength: 4, selector: ([key]) => key }),
    ),
    {
      minLength: 1,
      maxLength: 3,
      selector: ([section]) => section,
    },
  )
  .map((sections) =>
    sections
      .map(([name, entries]) => `[${name}]\n${entries.map(([key, value]) => `${key} = ${value}\n`).join("")}`)
      .join("\n"),
  );
const binary = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

const FORMATS: Readonly<Record<string, fc.Arbitrary<string | Buffer>>> = {
  yaml,
  json,
  env: dotenv,
  ini,
  bin: binary,
};

/** The same files in every run: a failure can be looked at again. */
export function generatedFiles(each: number): readonly Plain[] {
  return Object.entries(FORMATS).flatMap(([extension, arbitrary]) =>
    fc.sample(arbitrary, { numRuns: each, seed: 20261123 }).map((content, index) => ({
      name: `${index}.${extension}`,
      content: Buffer.from(content),
    })),
  );
}
