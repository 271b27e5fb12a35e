import type { KeyState } from "../../backends/key-backend";
import type { Recipient, RecipientKind } from "../../sops-file/recipient";
import type { VersionSource } from "../../status/key-states";
import type { Key } from "../report-schema";

/** What a stack's state says about the versions of its keys, in the place of the servers: it may be older than the files. */
export class DeclaredVersions implements VersionSource {
  private readonly keys: ReadonlyMap<string, Key>;

  constructor(
    readonly kind: RecipientKind,
    keys: readonly Key[],
  ) {
    this.keys = new Map(keys.map((key) => [key.id, key]));
  }

  async currentVersions(recipients: readonly Recipient[]): Promise<ReadonlyMap<string, KeyState | string>> {
    const answers = new Map<string, KeyState | string>();
    for (const { key: id, version } of recipients) {
      const known = this.keys.get(id);
      const answer = answers.get(id);
      const current = typeof answer === "object" ? answer.current : known?.current;
      if (known === undefined) answers.set(id, "it is none of the stack's keys");
      else if (current === undefined || this.kind === "azure_kv")
        answers.set(id, "the stack's state does not tell Azure's current version");
      else {
        // A file that is ahead of the state was wrapped after the last look at the key.
        const newest = version !== undefined && Number(version) > Number(current) ? version : current;
        const { oldestUsable } = known;
        answers.set(id, { current: newest, ...(oldestUsable !== undefined && { oldestUsable }) });
      }
    }
    return answers;
  }

  versionsBehind({ version }: Recipient, { current }: KeyState): number {
    return Number(current) - Number(version);
  }

  whyClosed({ version }: Recipient, { oldestUsable }: KeyState): string | undefined {
    if (version === undefined || oldestUsable === undefined || Number(version) >= Number(oldestUsable))
      return undefined;
    return `Vault opens none below version ${oldestUsable}`;
  }
}
