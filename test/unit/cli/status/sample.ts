import type { KeyBackend, KeyState } from "../../../../cli/backends/key-backend";
import { SopsConfigs } from "../../../../cli/rules/sops-configs";
import type { Recipient, RecipientKind } from "../../../../cli/sops-file/recipient";
import { tableOf } from "../../../../cli/status/table";
import type { TreeStatus } from "../../../../cli/status/tree-status";
import type { EncryptedFile, Tree } from "../../../../cli/tree/tree";

export const KEY = "https://vault.example:8200/v1/transit/keys/sops";
export const OTHER_KEY = "https://vault.example:8200/v1/transit/keys/other";

export function recipient(kind: RecipientKind, key: string, version?: string, group = 0): Recipient {
  return { kind, group, key, ...(version !== undefined && { version }), wrapped: "", fields: {} };
}

/** A manifest that Vault's version 2 has wrapped, unless said otherwise. */
export function encrypted(path: string, changes: Partial<EncryptedFile> = {}): EncryptedFile {
  return {
    path,
    format: "yaml",
    recipients: [recipient("hc_vault", KEY, "2")],
    selector: { name: "unencrypted_suffix", value: "_unencrypted" },
    macOnlyEncrypted: false,
    isManifest: true,
    substituted: [],
    ...changes,
  };
}

export function configs(rule = `{hc_vault_transit_uri: "${KEY}"}`, path = ".sops.yaml"): SopsConfigs {
  return new SopsConfigs(new Map([[path, `creation_rules:\n  - ${rule}\n`]]));
}

export function tree(files: readonly EncryptedFile[], changes: Partial<Tree> = {}): Tree {
  return { configs: configs(), encrypted: files, problems: [], skipped: [], ...changes };
}

/** A key server that answers from a table, or refuses, and remembers what it was asked. */
export class TableBackend implements KeyBackend {
  readonly asked: string[][] = [];

  constructor(
    private readonly answer: (keys: readonly string[]) => Record<string, KeyState | string>,
    readonly kind: RecipientKind = "hc_vault",
  ) {}

  async currentVersions(recipients: readonly Recipient[]) {
    const keys = [...new Set(recipients.map(({ key }) => key))];
    this.asked.push(keys);
    return new Map(Object.entries(this.answer(keys)));
  }

  versionsBehind({ version }: Recipient, { current }: KeyState): number {
    return Number(current) - Number(version);
  }

  whyClosed({ version }: Recipient, { oldestUsable }: KeyState): string | undefined {
    return Number(version) < Number(oldestUsable) ? "it is closed" : undefined;
  }

  expected(): never {
    throw new Error("status never rewraps");
  }

  close(): void {}

  rewrap(): Promise<never> {
    throw new Error("status never rewraps");
  }

  opensToSame(): Promise<never> {
    throw new Error("status never decrypts");
  }
}

/** Vault, with one key at this version. */
export function vaultAt(current: string, oldestUsable = "1"): TableBackend {
  return new TableBackend(() => ({ [KEY]: { current, oldestUsable } }));
}

/** The table without colours. */
export function plain(status: TreeStatus): string {
  return tableOf(status, { colours: false });
}
