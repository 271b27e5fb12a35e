import type { Scheduled } from "../clock";
import type { Store } from "../store/store";
import type { Keys } from "./keys";
import type { Secrets } from "./secrets";

/** Empties the bins when their time has come. */
export class Retention implements Scheduled {
  constructor(
    private readonly store: Store,
    private readonly keys: Keys,
    private readonly secrets: Secrets,
  ) {}

  nextDue(): number | undefined {
    const { deletedVaults, keys, secrets } = this.store.tables;
    const objects = [...keys, ...secrets]
      .map(({ deleted }) => deleted?.purgeAt)
      .filter((time) => time !== undefined);
    const times = [...deletedVaults.map(({ purgeAt }) => purgeAt), ...objects];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(now: number): void {
    const { tables } = this.store;
    for (const vault of tables.deletedVaults.filter(({ purgeAt }) => purgeAt <= now))
      this.forgetVault(vault.resource.id.toLowerCase());
    const stays = ({ deleted }: { deleted?: { purgeAt: number } }) =>
      deleted === undefined || deleted.purgeAt > now;
    if (tables.keys.every(stays) && tables.secrets.every(stays)) return;
    tables.keys = tables.keys.filter(stays);
    tables.secrets = tables.secrets.filter(stays);
    this.store.changed();
  }

  /** A vault in the bin, with all that is in it. @param key its ARM id in lower case */
  forgetVault(key: string): void {
    const { tables } = this.store;
    tables.deletedVaults = tables.deletedVaults.filter(({ resource }) => resource.id.toLowerCase() !== key);
    this.keys.forgetVault(key);
    this.secrets.forgetVault(key);
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }
}
