import type { ResourceChange } from "../preview/preview";
import { listOf, type Sentence, says } from "../sentence";
import { type Guard, guardOf } from "./guarded";
import type { WhoLoses } from "./holders";
import { type DeployFiles, type KeyFiles, keyFiles } from "./key-files";
import { type Opens, opensOf } from "./key-names";
import { looserKey, raisedVersion } from "./looser-key";
import { lossesOf } from "./losses";

/** What one change of a key, a policy, a role or a way to log in would cost. */
export interface Warning {
  /** Absent where it is not one resource. */
  readonly urn?: string;
  readonly guard: Guard;
  readonly change: "delete" | "replace" | "update";
  /** What would stop working, line by line. */
  readonly lines: readonly Sentence[];
  /** Files that the key is needed for; absent where it is no key, or no checkout was given. */
  readonly files?: KeyFiles;
}

export interface CostSources {
  /** Absent without a checkout of the deploy repository. */
  readonly files: DeployFiles | undefined;
  readonly whoLoses: WhoLoses;
  /** Vault's address. */
  readonly vault: string | undefined;
}

/** In the order of the changes. */
export function warningsOf(changes: readonly ResourceChange[], sources: CostSources): Warning[] {
  const losing = changes.flatMap((change) => closes(change, sources.vault) ?? []);
  const gone: Opens = (recipient) => losing.some((opens) => opens(recipient));
  return changes.flatMap((change) => {
    const found = guardOf(change);
    const { kind, urn } = change;
    if (found === undefined || (kind !== "delete" && kind !== "replace" && kind !== "update")) return [];
    const { guard, label } = found;
    const lines =
      kind === "update" ? looserKey(change) : lossesOf(guard, { change, label, whoLoses: sources.whoLoses });
    if (lines.length === 0) return [];
    const opens = closes(change, sources.vault);
    const files = opens && sources.files && keyFiles(sources.files, opens, gone);
    const counted = losesKey(change, guard) ? filesLines(files, kind, sources.files !== undefined) : [];
    const all = [...lines, ...counted, ...(kind === "update" ? [] : refusalLines(change))];
    return [{ urn, guard, change: kind, lines: all, ...(files && { files }) }];
  });
}

/** Whether files may depend on it: a key that goes, or whose older versions are shut. */
function losesKey(change: ResourceChange, guard: Guard): boolean {
  if (guard !== "key" && guard !== "key store") return false;
  return change.kind === "update" ? raisedVersion(change) !== undefined : !change.isRetained;
}

/** The recipients that open nothing any more by this change; undefined where there are none, or they are not known. */
function closes(change: ResourceChange, vault: string | undefined): Opens | undefined {
  const guard = guardOf(change)?.guard;
  const isDone = change.kind === "delete" || change.kind === "replace" || change.kind === "update";
  if (guard === undefined || !isDone || !losesKey(change, guard)) return undefined;
  const opens = opensOf(change, vault);
  const raised = change.kind === "update" ? raisedVersion(change) : undefined;
  if (opens === undefined || raised === undefined) return opens;
  return (recipient) => opens(recipient) && Number(recipient.version) < raised;
}

function filesLines(
  files: KeyFiles | undefined,
  change: Warning["change"],
  isGiven: boolean,
): readonly Sentence[] {
  if (files === undefined)
    return [
      isGiven
        ? says`The preview does not tell its name, so that the files that need it cannot be counted.`
        : says`How many files need it is not known: no checkout of the deploy repository was given (--deploy).`,
    ];
  const { encrypted, named, lost, unreadable } = files;
  const also =
    unreadable > 0 ? says` ${[counted(unreadable, "file")]} cannot be read, and may need it too.` : says``;
  const where = "of the deploy repository";
  if (encrypted === 0) return [says`The deploy repository has no encrypted file.${also}`];
  if (named === 0)
    return [says`None of the ${[counted(encrypted, "encrypted file")]} ${[where]} needs it.${also}`];
  if (lost.length === 0)
    return [
      says`${[counted(named, "file")]} ${[where]} can be opened by it, all of them by another key too.${also}`,
    ];
  const shut = says`${[counted(lost.length, "file")]} ${[where]}: ${listOf(lost)}.`;
  return change === "update"
    ? [says`Shuts ${shut} Rewrap first (sopsloop rewrap).${also}`]
    : [says`Destroys the only key of ${shut}${also}`];
}

/** Who would not let it happen. */
function refusalLines({ isProtected, before }: ResourceChange): readonly Sentence[] {
  return [
    ...(isProtected
      ? [says`It is protected: pulumi up refuses this until the protection is taken off.`]
      : []),
    ...(before.deletionAllowed === false
      ? [says`Vault refuses to delete it as long as its deletion_allowed is off.`]
      : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
