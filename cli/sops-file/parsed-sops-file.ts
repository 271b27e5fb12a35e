import type { Leaf } from "./leaf";
import type { Metadata, Placed } from "./metadata";
import type { Recipient } from "./recipient";
import type { RewrappedRecipient, SopsFile, SopsFormat } from "./sops-file";

/** A sops file with the places of all that rewrapping may write, in each document of it. */
export class ParsedSopsFile implements SopsFile {
  readonly recipients: readonly Recipient[];
  readonly shamirThreshold?: number;
  readonly settings: Readonly<Record<string, string>>;

  /** @param copies the metadata of each document; all name the same recipients in the same order. At least one. */
  constructor(
    readonly format: SopsFormat,
    readonly content: string,
    private readonly copies: readonly [Metadata, ...Metadata[]],
  ) {
    const [first] = copies;
    this.recipients = first.placed.map(({ recipient }) => recipient);
    if (first.shamirThreshold !== undefined) this.shamirThreshold = first.shamirThreshold;
    this.settings = first.settings;
  }

  rewrapped(changes: readonly RewrappedRecipient[]): string {
    const edits = changes.flatMap((change) => this.edits(change));
    edits.sort((one, other) => one.leaf.span.start - other.leaf.span.start);
    const parts: string[] = [];
    let at = 0;
    for (const { leaf, value } of edits) {
      parts.push(this.content.slice(at, leaf.span.start), leaf.source(value));
      at = leaf.span.end;
    }
    return parts.join("") + this.content.slice(at);
  }

  private edits({
    recipient,
    wrapped,
    version,
    createdAt,
  }: RewrappedRecipient): { leaf: Leaf; value: string }[] {
    const position = this.recipients.indexOf(recipient);
    if (position < 0) throw new Error(`${recipient.key}: not a recipient of this file`);
    return this.copies.flatMap(({ placed }) => {
      const place = placed[position];
      return place ? editsOf(place, { enc: wrapped, version, createdAt }) : [];
    });
  }
}

function editsOf(
  place: Placed,
  values: {
    readonly enc: string;
    readonly version: string | undefined;
    readonly createdAt: string | undefined;
  },
): { leaf: Leaf; value: string }[] {
  return (["enc", "version", "createdAt"] as const).flatMap((name) => {
    const [leaf, value] = [place[name], values[name]];
    return leaf && value !== undefined && leaf.value !== value ? [{ leaf, value }] : [];
  });
}
