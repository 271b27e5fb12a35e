import type { Recipient } from "../sops-file/recipient";

/** A recipient and its place in the list that was asked with. */
export interface Placed {
  readonly recipient: Recipient;
  readonly position: number;
}

export function byKey(recipients: readonly Recipient[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const [position, recipient] of recipients.entries()) {
    const group = groups.get(recipient.key);
    if (group) group.push({ recipient, position });
    else groups.set(recipient.key, [{ recipient, position }]);
  }
  return groups;
}
