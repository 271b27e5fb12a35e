import * as fc from "fast-check";

/** A file as sops writes it, for keys that need not exist. */
export interface InForm {
  readonly path: string;
  readonly content: string;
  /** How often sops's own part stands in it. */
  readonly copies: number;
  readonly azureKeys: number;
}

interface Entry {
  readonly list: "azure_kv" | "hc_vault" | "age";
  readonly fields: Readonly<Record<string, string>>;
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}$/);
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const wrapped = fc
  .uint8Array({ minLength: 256, maxLength: 256 })
  .map((bytes) => Buffer.from(bytes).toString("base64url"));
const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/\.\d+Z/, "Z"));

const azure = fc.record({ vault: word, name: word, version: hex(32), created_at: time, enc: wrapped }).map(
  ({ vault, ...rest }): Entry => ({
    list: "azure_kv",
    fields: { vault_url: `https://${vault}.vault.azure.net`, ...rest },
  }),
);
const vault = fc
  .record({ key_name: word, created_at: time, base64: fc.base64String({ minLength: 60, maxLength: 60 }) })
  .map(
    ({ base64, ...rest }): Entry => ({
      list: "hc_vault",
      fields: {
        vault_address: "https://vault.example:8200",
        engine_path: "transit",
        ...rest,
        enc: `vault:v1:${base64}`,
      },
    }),
  );
const age = word.map(
  (recipient): Entry => ({
    list: "age",
    fields: { recipient: `age1${recipient}`, enc: `-----BEGIN ${recipient}` },
  }),
);

/** Lists in the order in which sops writes them. */
const entries = fc
  .tuple(
    fc.array(azure, { minLength: 1, maxLength: 3 }),
    fc.array(vault, { maxLength: 2 }),
    fc.array(age, { maxLength: 1 }),
  )
  .map((lists) => lists.flat());

const SETTINGS = {
  lastmodified: "2026-01-01T00:00:00Z",
  mac: "ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]",
  version: "3.13.3",
};
const VALUE = "ENC[AES256_GCM,data:dg==,iv:aXY=,tag:dGFn,type:str]";

function listsOf(all: readonly Entry[]): [string, Entry[]][] {
  const lists = new Map<string, Entry[]>();
  for (const entry of all) lists.set(entry.list, [...(lists.get(entry.list) ?? []), entry]);
  return [...lists];
}

/** As sops's YAML has texts: quoted where another reader would see a date or a list. */
const yamlText = (text: string) => (/^\d{4}-|^-/.test(text) || text.includes(": ") ? `"${text}"` : text);

function yamlDocument(all: readonly Entry[]): string {
  const lists = listsOf(all).flatMap(([list, each]) => [
    `    ${list}:`,
    ...each.flatMap(({ fields }) =>
      Object.entries(fields).map(
        ([name, text], at) => `        ${at === 0 ? "- " : "  "}${name}: ${yamlText(text)}`,
      ),
    ),
  ]);
  const settings = Object.entries(SETTINGS).map(([name, text]) => `    ${name}: ${yamlText(text)}`);
  return [`data: ${VALUE}`, "sops:", ...lists, ...settings, ""].join("\n");
}

function jsonFile(all: readonly Entry[]): string {
  const lists = Object.fromEntries(
    listsOf(all).map(([list, each]) => [list, each.map(({ fields }) => fields)]),
  );
  return `${JSON.stringify({ data: VALUE, sops: { ...lists, ...SETTINGS } }, undefined, "\t")}\n`;
}

function flatFile(all: readonly Entry[], line: (name: string, text: string) => string, head: string): string {
  const lists = listsOf(all).flatMap(([list, each]) =>
    each.flatMap(({ fields }, at) =>
      Object.entries(fields).map(([name, text]) => line(`${list}__list_${at}__map_${name}`, text)),
    ),
  );
  return [head, ...lists, ...Object.entries(SETTINGS).map(([name, text]) => line(name, text)), ""].join("\n");
}

export const filesInForm: fc.Arbitrary<InForm> = fc
  .tuple(
    entries,
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom("\n", "\r\n"),
    fc.constantFrom("yaml", "json", "env", "ini"),
  )
  .map(([all, documents, end, format]) => {
    const copies = format === "yaml" ? documents : 1;
    const contents = {
      yaml: () => Array(documents).fill(yamlDocument(all)).join("---\n"),
      json: () => jsonFile(all),
      env: () => flatFile(all, (name, text) => `sops_${name}=${text}`, `DATA=${VALUE}`),
      ini: () => flatFile(all, (name, text) => `${name} = ${text}`, `[data]\nvalue = ${VALUE}\n\n[sops]`),
    };
    return {
      path: `file.${format}`,
      content: contents[format as keyof typeof contents]().replaceAll("\n", end),
      copies,
      azureKeys: all.filter(({ list }) => list === "azure_kv").length,
    };
  });
