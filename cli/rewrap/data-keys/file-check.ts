import { isDeepStrictEqual } from "node:util";
import type { SopsFile } from "../../sops-file/sops-file";

/** Settings that are new in every file that sops writes. */
const MOVING = new Set(["lastmodified", "mac", "version"]);
/** What sops does without any such setting; when it writes a file anew it writes this one down. */
const DEFAULT = { name: "unencrypted_suffix", value: "_unencrypted" };

/** What sops was asked to do. */
export interface Asked {
  /** Whether the recipients may have become those of the rules. */
  readonly mayMove: boolean;
}

/** What is wrong with a file that sops gave a new data key, if anything. That it opens to the same values is looked at elsewhere. */
export function flawOfRotation(
  before: SopsFile,
  after: SopsFile | undefined,
  asked: Asked,
): string | undefined {
  if (!after) return "it is no sops file any more";
  if (after.format !== before.format) return "its format differs";
  if (!isDeepStrictEqual(lasting(before), lasting(after))) return "its settings differ";
  if (!asked.mayMove && !isDeepStrictEqual(keysOf(before), keysOf(after))) return "its recipients differ";
  const old = new Set(before.recipients.map(({ wrapped }) => wrapped));
  return after.recipients.some(({ wrapped }) => old.has(wrapped))
    ? "an old wrapped key is still there"
    : undefined;
}

function lasting({ settings }: SopsFile): Record<string, string> {
  const isDefault = (name: string, value: string) => name === DEFAULT.name && value === DEFAULT.value;
  const kept = Object.entries(settings).filter(
    ([name, value]) => !MOVING.has(name) && !isDefault(name, value),
  );
  return Object.fromEntries(kept);
}

function keysOf({ recipients }: SopsFile): string[] {
  return recipients.map(({ kind, group, key }) => `${kind} ${group} ${key}`);
}
