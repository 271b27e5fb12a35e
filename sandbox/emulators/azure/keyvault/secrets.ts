import type { Clock } from "../clock";
import type { Store } from "../store/store";
import type { Secret, SecretVersion } from "./model";
import { type Attributes, Shelf } from "./shelf";
import type { VaultEvents } from "./vault-events";
import { badParameter } from "./vault-refusal";
import type { Vault } from "./vaults";

export interface NewSecret {
  readonly value: string;
  readonly contentType?: string | undefined;
  readonly attributes?: Attributes | undefined;
  readonly tags?: Record<string, string> | undefined;
}

const MOST_BYTES = 25 * 1_024;

/** Secrets of vaults. */
export class Secrets extends Shelf<SecretVersion, Secret> {
  protected readonly kind = "Secret";

  constructor(
    store: Store,
    clock: Clock,
    private readonly events: VaultEvents,
  ) {
    super(store, clock);
  }

  get all(): Secret[] {
    return this.store.tables.secrets;
  }

  protected keep(all: Secret[]): void {
    this.store.tables.secrets = all;
  }

  /** A new secret, or a new version of one that is there. */
  set(
    vault: Vault,
    name: string,
    { value, contentType, attributes = {}, tags = {} }: NewSecret,
  ): SecretVersion {
    this.checkName(vault, name);
    if (Buffer.byteLength(value) > MOST_BYTES) throw badParameter("The secret is longer than 25 KB.");
    const version = {
      ...this.newAttributes(attributes, tags),
      value,
      ...(contentType !== undefined && { contentType }),
    };
    const secret = this.find(vault, name);
    if (secret) secret.versions.push(version);
    else this.all.push({ vault: vault.key, name, versions: [version] });
    this.store.changed();
    this.events.tell(vault, "Secret", secret?.name ?? name, version, "NewVersionCreated");
    return version;
  }

  update(
    vault: Vault,
    name: string,
    id: string | undefined,
    { contentType, attributes, tags }: Omit<NewSecret, "value">,
  ): SecretVersion {
    const version = this.version(vault, name, id);
    if (contentType !== undefined) version.contentType = contentType;
    this.change(version, attributes ?? {}, tags);
    return version;
  }
}
