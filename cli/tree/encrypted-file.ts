import { DEFAULT_SELECTOR, SELECTORS } from "../rules/creation-rule";
import { selectionOf } from "../rules/selection";
import type { Recipient } from "../sops-file/recipient";
import type { SopsFile } from "../sops-file/sops-file";
import { documentsOf } from "./kubernetes-documents";
import { mayHoldSecret, type PlainSecret, plainSecrets, substitutedFields } from "./secrets";
import type { EncryptedFile } from "./tree";

/** Reduces encrypted files to what a report needs. Texts that many files share are kept once. */
export class EncryptedFiles {
  private readonly recipients = new Map<string, Recipient>();
  private readonly texts = new Map<string, string>();

  reduce(path: string, file: SopsFile, text: string): { file: EncryptedFile; readable: PlainSecret[] } {
    const selector = this.selectorOf(file);
    const secrets = mayHoldSecret(text) && (file.format === "yaml" || file.format === "json");
    const documents = secrets && (hasReadableValue(text) || text.includes("${")) ? documentsOf(text) : [];
    const selection = selectionOf(selector);
    const readable = plainSecrets(documents ?? []).flatMap((secret) => {
      // A value that is left readable by its own name was meant to be.
      const fields = secret.fields.filter(
        (field) =>
          !selection.atTop || field.split(".").reduce((above, key) => selection.under(key, above), true),
      );
      return fields.length > 0 ? [{ ...secret, fields }] : [];
    });
    return {
      file: {
        path,
        format: file.format,
        recipients: file.recipients.map((recipient) => this.one(recipient)),
        ...(file.shamirThreshold !== undefined && { shamirThreshold: file.shamirThreshold }),
        selector,
        macOnlyEncrypted: /^true$/i.test(file.settings.mac_only_encrypted ?? ""),
        isManifest: looksLikeManifest(file.format, text),
        substituted: text.includes("${") ? substitutedFields(documents ?? []) : [],
      },
      readable,
    };
  }

  private selectorOf(file: SopsFile): EncryptedFile["selector"] {
    const name = SELECTORS.find((candidate) => (file.settings[candidate] ?? "") !== "");
    return name ? { name, value: this.text(file.settings[name] ?? "") } : DEFAULT_SELECTOR;
  }

  private one(recipient: Recipient): Recipient {
    const { kind, group, key, version, fields } = recipient;
    const id = [kind, group, key, version ?? "", fields.role ?? ""].join("\n");
    const found = this.recipients.get(id);
    if (!found) this.recipients.set(id, recipient);
    return found ?? recipient;
  }

  /** A part of a text keeps the whole text in memory. */
  private text(part: string): string {
    const found = this.texts.get(part);
    if (found === undefined) this.texts.set(part, part);
    return found ?? part;
  }
}

/** Cheap: whether some line of a Secret's values is not encrypted; in doubt yes. JSON is rare enough to be always in doubt. */
function hasReadableValue(text: string): boolean {
  if (text.trimStart().startsWith("{")) return true;
  let inValues = false;
  let seen = false;
  for (const line of text.split("\n")) {
    if (/^[^\s#]/.test(line)) {
      inValues = /^(data|stringData)\s*:/.test(line);
      seen ||= inValues;
      if (inValues && /:\s*[^\s#]/.test(line)) return true;
    } else if (inValues && /^\s+[^\s#]/.test(line)) {
      const value = /^\s+[^\s#][^:]*:\s+(.*)$/.exec(line)?.[1] ?? line;
      if (!value.startsWith("ENC[") && value.trim() !== '""' && value.trim() !== "") return true;
    }
  }
  // A list of Secrets has them deeper.
  return !seen;
}

function looksLikeManifest(format: SopsFile["format"], text: string): boolean {
  if (format === "yaml") return /^apiVersion:/m.test(text) && /^kind:/m.test(text);
  return format === "json" && /"apiVersion"\s*:/.test(text) && /"kind"\s*:/.test(text);
}
