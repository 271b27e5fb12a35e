import { type Pin, pinnedBy } from "../rules/pinned-by";
import type { SopsConfigs } from "../rules/sops-configs";
import type { Recipient } from "../sops-file/recipient";

/** Versions that the rules of a work tree name. Rules are read when the first file is behind with a key that can be pinned. */
export class Pins {
  private configs: Promise<SopsConfigs> | undefined;

  /** @param texts of the tree's `.sops.yaml` files, by path. */
  constructor(private readonly texts: () => Promise<ReadonlyMap<string, string>>) {}

  async of(path: string, recipient: Recipient): Promise<Pin | undefined> {
    if (recipient.kind !== "azure_kv") return undefined;
    this.configs ??= this.read();
    return pinnedBy(await this.configs, path, recipient);
  }

  private async read(): Promise<SopsConfigs> {
    const { SopsConfigs } = await import("../rules/sops-configs");
    return new SopsConfigs(await this.texts());
  }
}
