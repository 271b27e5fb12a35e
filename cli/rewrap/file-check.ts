import { isDeepStrictEqual } from "node:util";
import type { Recipient } from "../sops-file/recipient";
import type { RewrappedRecipient, SopsFile } from "../sops-file/sops-file";

/** Nothing in it can mean anything to any of the formats. */
const PLAIN = /^vault:v[0-9]+:[A-Za-z0-9+/=]+$/;

/**
 * The quick way to be sure, for nearly every file: each old wrapped key stands in it once, and with the new ones in their places it
 * is the new content, byte for byte. False says nothing; then the new content has to be read.
 */
export function isPlainSwap(
  before: SopsFile,
  changes: readonly RewrappedRecipient[],
  content: string,
): boolean {
  let expected = before.content;
  for (const { recipient, wrapped, version, createdAt } of changes) {
    const old = recipient.wrapped;
    const at = expected.indexOf(old);
    if (at < 0 || expected.lastIndexOf(old) !== at || version !== undefined || createdAt !== undefined)
      return false;
    if (!PLAIN.test(old) || !PLAIN.test(wrapped)) return false;
    expected = expected.slice(0, at) + wrapped + expected.slice(at + old.length);
  }
  return expected === content;
}

/** Fields of a recipient that rewrapping may change. */
const MOVING = new Set(["enc", "version", "created_at"]);

/**
 * What is wrong with a file that was rewrapped, if anything: read anew it must have the same recipients and settings, with the new
 * wrapped keys where they were asked for, and putting the old ones back must give the old file, byte for byte.
 */
export function flawOfRewrap(
  before: SopsFile,
  changes: readonly RewrappedRecipient[],
  after: SopsFile | undefined,
): string | undefined {
  if (!after) return "it is no sops file any more";
  if (after.format !== before.format || after.shamirThreshold !== before.shamirThreshold)
    return "its format or its Shamir threshold differs";
  if (!isDeepStrictEqual(after.settings, before.settings)) return "its settings differ";
  if (after.recipients.length !== before.recipients.length) return "the number of its recipients differs";
  const changed = new Map(changes.map((change) => [change.recipient, change]));
  const back: RewrappedRecipient[] = [];
  for (const [index, old] of before.recipients.entries()) {
    const fresh = after.recipients[index];
    const change = changed.get(old);
    if (!fresh || !isSameKey(old, fresh)) return "its recipients differ";
    if (fresh.wrapped !== (change?.wrapped ?? old.wrapped)) return "a wrapped key is not where it should be";
    if (change) back.push(asBefore(old, fresh, change));
  }
  if (back.length !== changes.length) return "a change is for no recipient of it";
  return after.rewrapped(back) === before.content ? undefined : "more than wrapped keys differs";
}

function isSameKey(old: Recipient, fresh: Recipient): boolean {
  if (old.kind !== fresh.kind || old.group !== fresh.group || old.key !== fresh.key) return false;
  const names = new Set([...Object.keys(old.fields), ...Object.keys(fresh.fields)]);
  return [...names].every((name) => MOVING.has(name) || old.fields[name] === fresh.fields[name]);
}

function asBefore(old: Recipient, fresh: Recipient, change: RewrappedRecipient): RewrappedRecipient {
  return {
    recipient: fresh,
    wrapped: old.wrapped,
    ...(change.version !== undefined && old.version !== undefined && { version: old.version }),
    ...(change.createdAt !== undefined &&
      old.fields.created_at !== undefined && { createdAt: old.fields.created_at }),
  };
}
