import { availableParallelism } from "node:os";
import { isDeepStrictEqual } from "node:util";
import pLimit from "p-limit";
import { count } from "../rewrap/rewrap-work";
import { digestInput } from "./digests/digest-input";
import type { Digests } from "./digests/digests";
import type { DigestsByRule } from "./digests/digests-by-rule";
import { EncryptedCheck } from "./encrypt/encrypted-check";
import type { SopsEncrypt } from "./encrypt/sops-encrypt";
import type { FolderPlan, PlannedSecret } from "./folder-plan";

export interface Unchanged {
  readonly paths: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** Tells which files hold their Secret already, encrypted for whom their rule says today. */
export async function unchanged(
  plan: FolderPlan,
  digests: DigestsByRule,
  sops: SopsEncrypt,
): Promise<Unchanged> {
  const paths = new Set<string>();
  const byDigests = new Map<Digests, PlannedSecret[]>();
  const without: PlannedSecret[] = [];
  for (const secret of plan.secrets.filter(({ before }) => before !== undefined)) {
    const by = digests.for(secret.rule.rule);
    const group = by ? (byDigests.get(by) ?? []) : without;
    group.push(secret);
    if (by) byDigests.set(by, group);
  }
  for (const [by, secrets] of byDigests) {
    const pairs = secrets.flatMap(({ content, path, rule, before }) => {
      if (!before?.line) return [];
      const { salt, digest } = before.line;
      return [{ path, input: digestInput(content.manifest, rule.rule, salt, before.encrypted), digest }];
    });
    const same = await by.match(pairs);
    for (const [index, { path }] of pairs.entries()) if (same[index]) paths.add(path);
  }
  const unread = await compareOpened(without, plan, sops, paths);
  const why = `${count(unread, "Secret")} encrypted anew, since nothing here tells whether ${unread === 1 ? "it" : "they"} changed`;
  const mend =
    "set SOPSLOOP_DIGEST_KEY to a key of your own (openssl rand -base64 32), or let this identity decrypt";
  return { paths, notes: unread === 0 ? [] : [`${why}; ${mend}`] };
}

/** Without a key for digests: by opening the files. Resolves with how many do not open. */
async function compareOpened(
  secrets: readonly PlannedSecret[],
  plan: FolderPlan,
  sops: SopsEncrypt,
  paths: Set<string>,
): Promise<number> {
  const check = new EncryptedCheck(plan.configs);
  const limit = pLimit(availableParallelism());
  let unread = 0;
  await Promise.all(
    secrets.map(({ path, content, before }) =>
      limit(async () => {
        if (!fits(() => check.flawOf(path, before?.encrypted ?? ""))) return;
        const held = await sops.decrypt(path);
        if (held === undefined) unread++;
        else if (isDeepStrictEqual(held, content.manifest)) paths.add(path);
      }),
    ),
  );
  return unread;
}

/** A file that is torn does not. */
function fits(flaw: () => string | undefined): boolean {
  try {
    return flaw() === undefined;
  } catch {
    return false;
  }
}
