import { posix } from "node:path";
import { type Selection, selectionOf } from "../rules/selection";
import type { RuleOfFile } from "../rules/sops-configs";
import { documentsOf, isManifest, isMapping } from "./kubernetes-documents";
import { isKustomizationFile } from "./kustomize-build";

/** Files that stand beside secrets and are none. */
const COMPANIONS = /^(\.git.*|\..*ignore|\.keep|\.sops\.ya?ml|README.*|LICENSE.*|CODEOWNERS)$/i;

/** Endings of such files; a rule that is for just these endings means them. */
const COMPANION_ENDINGS = /\.(md|txt|pub|asc|sh)$/i;

/**
 * Whether a file that is not encrypted holds something that its rule is there to encrypt. Rules for everything say nothing about
 * single files; rules for whole folders or endings say nothing about Kubernetes objects, of which the Secrets are told anyway.
 */
export function leftInTheClear({ rule, path }: RuleOfFile, text: string): boolean {
  const regex = rule.pathRegex;
  const name = posix.basename(path);
  if (!regex || regex.test("") || COMPANIONS.test(name) || isKustomizationFile(path)) return false;
  if (COMPANION_ENDINGS.test(name) && regex.test(path.replace(/\.[^.]*$/, ".any"))) return false;
  const ending = posix.extname(name).toLowerCase();
  const selection = selectionOf(rule.selector);
  if ([".yaml", ".yml", ".json"].includes(ending)) {
    const documents = documentsOf(text);
    const namesFile = !regex.test(posix.join(posix.dirname(path), `any${ending}`));
    if (!documents || (!namesFile && documents.every(isManifest))) return false;
    return documents.some(({ value }) => holds(value, selection, selection.atTop)) || marked(text, selection);
  }
  if ([".env", ".ini"].includes(ending)) {
    const keys = text.split("\n").flatMap((line) => /^\s*([^#;=\s][^=]*?)\s*=\s*\S/.exec(line)?.[1] ?? []);
    return keys.some((key) => selection.under(key, selection.atTop)) || marked(text, selection);
  }
  // Anything else sops encrypts whole.
  return text.trim() !== "";
}

function holds(value: unknown, selection: Selection, above: boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => holds(item, selection, above));
  if (isMapping(value))
    return Object.entries(value).some(([key, inner]) => holds(inner, selection, selection.under(key, above)));
  return above && value !== null && value !== undefined && value !== "";
}

function marked(text: string, selection: Selection): boolean {
  return text.split("\n").some((line) => {
    const comment = /(?:^|\s)[#;](.*)$/.exec(line)?.[1];
    return comment !== undefined && selection.byComment(comment);
  });
}
