import type { Resources } from "../arm/resources";
import type { Clock, Scheduled } from "../clock";
import type { Store } from "../store/store";
import { shifted } from "./durations";
import type { Keys } from "./keys";
import type { Key, VersionAttributes, Versioned } from "./model";
import { notifiesBefore, rotatesAt } from "./rotation-policy";
import type { Secrets } from "./secrets";
import type { VaultEvents } from "./vault-events";
import { VAULTS, type Vault, vaultOf } from "./vaults";

interface Work {
  /** In seconds. */
  readonly at: number;
  readonly does: () => unknown;
}

/** What happens to keys and secrets in the course of time: rotation by policy, near expiry, expiry. */
export class Lifetimes implements Scheduled {
  private readonly running = new Set<Promise<unknown>>();
  private readonly rotating = new Set<Key>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly resources: Resources,
    private readonly keys: Keys,
    private readonly secrets: Secrets,
    private readonly events: VaultEvents,
  ) {}

  nextDue(): number | undefined {
    const times = this.works().map(({ at }) => at * 1_000);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(now: number): void {
    for (const { at, does } of this.works().filter((work) => work.at * 1_000 <= now)) {
      const work = new Promise((resolve) => resolve(does())).catch((error: unknown) => {
        process.stderr.write(`what was due at ${new Date(at * 1_000).toISOString()}: ${error}\n`);
      });
      this.running.add(work);
      void work.finally(() => this.running.delete(work));
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private works(): Work[] {
    return this.resources.ofType(VAULTS).flatMap((resource) => {
      const vault = vaultOf(resource);
      const keys = this.keys
        .in(vault.key)
        .flatMap((key) => [
          ...this.rotation(vault, key),
          ...this.expiries(vault, "Key", key, notifiesBefore(key.policy)),
        ]);
      const secrets = this.secrets
        .in(vault.key)
        .flatMap((one) => this.expiries(vault, "Secret", one, "P30D"));
      return [...keys, ...secrets];
    });
  }

  private rotation(vault: Vault, key: Key): Work[] {
    const newest = key.versions.at(-1);
    const at = newest?.enabled ? rotatesAt(key, newest) : undefined;
    if (at === undefined || this.rotating.has(key)) return [];
    const does = () => {
      this.rotating.add(key);
      return this.keys.rotate(vault, key.name).finally(() => this.rotating.delete(key));
    };
    return [{ at, does }];
  }

  /** The newest version is told of beforehand, every version when it has expired; once for each time of expiry. */
  private expiries(
    vault: Vault,
    object: "Key" | "Secret",
    thing: Versioned<VersionAttributes>,
    notice: string,
  ): Work[] {
    return thing.versions.flatMap((version): Work[] => {
      const { exp } = version;
      if (exp === undefined) return [];
      const tell = (kind: "NearExpiry" | "Expired", told: "nearExpiryTold" | "expiryTold") => () => {
        version[told] = exp;
        this.store.changed();
        this.events.tell(vault, object, thing.name, version, kind);
      };
      const near =
        version === thing.versions.at(-1) && version.nearExpiryTold !== exp && exp > this.clock.seconds();
      return [
        ...(near
          ? [
              {
                at: Math.max(version.created, shifted(exp, notice, -1)),
                does: tell("NearExpiry", "nearExpiryTold"),
              },
            ]
          : []),
        ...(version.expiryTold !== exp ? [{ at: exp, does: tell("Expired", "expiryTold") }] : []),
      ];
    });
  }
}
