import { parse } from "yaml";
import type { SopsConfigs } from "../../rules/sops-configs";
import { readSopsFile } from "../../sops-file/read-sops-file";
import { checkRule } from "../../status/rule-check";
import { EncryptedFiles } from "../../tree/encrypted-file";
import type { SecretManifest } from "../values/secret-content";

/** What is wrong with a file of sops's, as its rule would have it today; undefined where nothing is. */
export class EncryptedCheck {
  private readonly files = new EncryptedFiles();

  constructor(private readonly configs: SopsConfigs) {}

  /** Whether the file is encrypted for whom its rule says, and in the way it says. */
  flawOf(path: string, text: string): string | undefined {
    const file = readSopsFile(path, text);
    if (!file) return "is no sops file";
    const { file: reduced } = this.files.reduce(path, file, "");
    return checkRule(reduced, this.configs)[0]?.message;
  }

  /** The same for one that sops has just written: it also holds every key of the Secret, and each encrypted. */
  flawOfNew(path: string, text: string, { data }: SecretManifest): string | undefined {
    const flaw = this.flawOf(path, text);
    if (flaw !== undefined) return flaw;
    const keys = Object.keys(data);
    const lines = linesOfData(text);
    // A long key stands on a line of its own.
    const values = keys.every((key) => lines.has(key)) ? lines : parsedData(text);
    const readable = keys.find((key) => !String(values.get(key)).startsWith("ENC[AES256_GCM,data:"));
    return readable === undefined ? undefined : `its value ${readable} is not encrypted`;
  }
}

/** The values under `data` as they stand in the file: parsing all of it takes many times as long. */
function linesOfData(text: string): ReadonlyMap<string, unknown> {
  const begin = /^data:\n/m.exec(text);
  const values = new Map<string, string>();
  for (const line of text.slice(begin ? begin.index + begin[0].length : text.length).split("\n")) {
    if (/^\S/.test(line)) break;
    const [, key, value] = /^\s+["']?([^\s"':]+)["']?:\s+(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  return values;
}

function parsedData(text: string): ReadonlyMap<string, unknown> {
  const { data } = parse(text) as { readonly data?: Readonly<Record<string, unknown>> };
  return new Map(Object.entries(data ?? {}));
}
