import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { z } from "zod";
import type { Clock } from "../clock";
import { textAt } from "../json";
import type { Store } from "../store/store";
import { shapeOf } from "./crypto";
import { shifted } from "./durations";
import type { Key, KeyVersion } from "./model";
import { policyFrom, type policySchema } from "./rotation-policy";
import { type Attributes, Shelf } from "./shelf";
import type { VaultEvents } from "./vault-events";
import { badParameter, VaultRefusal } from "./vault-refusal";
import type { Vault } from "./vaults";

export interface NewKey {
  readonly kty: string;
  readonly size?: number | undefined;
  readonly exponent?: number | undefined;
  readonly ops?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
  readonly tags?: Record<string, string> | undefined;
}

export const KEY_OPS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
const SIZES = [2048, 3072, 4096];
const generate = promisify(generateKeyPair);

/** RSA keys of vaults. */
export class Keys extends Shelf<KeyVersion, Key> {
  protected readonly kind = "Key";

  constructor(
    store: Store,
    clock: Clock,
    private readonly events: VaultEvents,
  ) {
    super(store, clock);
  }

  get all(): Key[] {
    return this.store.tables.keys;
  }

  protected keep(all: Key[]): void {
    this.store.tables.keys = all;
  }

  /** A new key, or a new version of one that is there. */
  async create(vault: Vault, name: string, wanted: NewKey): Promise<KeyVersion> {
    this.checkName(vault, name);
    const { size = 2048, exponent = 65_537, ops = KEY_OPS, attributes = {}, tags = {} } = wanted;
    const kty = kindOf(wanted.kty, vault);
    if (!SIZES.includes(size))
      throw badParameter(
        `The specified key size ${size} is invalid. RSA keys have ${SIZES.join(", ")} bits.`,
      );
    const unknown = ops.find((op) => !KEY_OPS.includes(op));
    if (unknown !== undefined)
      throw badParameter(`The specified key operation ${unknown} is not recognized.`);
    const privateKey = await newPrivateKey(size, exponent);
    const version = { ...this.newAttributes(attributes, tags), kty, privateKey, ops: [...ops] };
    return this.add(vault, name, version);
  }

  /** A new version like the newest, which ends when the policy says. */
  async rotate(vault: Vault, name: string): Promise<KeyVersion> {
    const { kty, privateKey, ops, tags } = this.version(vault, name);
    const { policy } = this.get(vault, name);
    const { size, exponent } = shapeOf(privateKey);
    const made = await newPrivateKey(size, exponent);
    const attributes = this.newAttributes({}, tags);
    const exp =
      policy?.expiryTime === undefined ? undefined : shifted(attributes.created, policy.expiryTime, 1);
    const version = {
      ...attributes,
      ...(exp !== undefined && { exp }),
      kty,
      privateKey: made,
      ops: [...ops],
    };
    return this.add(vault, name, version);
  }

  update(
    vault: Vault,
    name: string,
    id: string | undefined,
    wanted: Pick<NewKey, "ops" | "attributes" | "tags">,
  ): KeyVersion {
    const version = this.version(vault, name, id);
    if (wanted.ops) version.ops = [...wanted.ops];
    this.change(version, wanted.attributes ?? {}, wanted.tags);
    return version;
  }

  setPolicy(vault: Vault, name: string, wanted: z.infer<typeof policySchema>): Key {
    const key = this.get(vault, name);
    key.policy = policyFrom(wanted, key.policy, this.clock.seconds());
    this.store.changed();
    return key;
  }

  /** Puts back what a backup holds. */
  restore(vault: Vault, name: string, versions: readonly KeyVersion[]): Key {
    this.checkName(vault, name);
    if (this.find(vault, name))
      throw new VaultRefusal(409, "Conflict", `A key with the name ${name} is in this vault already.`);
    const key: Key = { vault: vault.key, name, versions: structuredClone([...versions]) };
    this.all.push(key);
    this.store.changed();
    return key;
  }

  private add(vault: Vault, name: string, version: KeyVersion): KeyVersion {
    const key = this.find(vault, name);
    if (key) key.versions.push(version);
    else this.all.push({ vault: vault.key, name, versions: [version] });
    this.store.changed();
    this.events.tell(vault, "Key", key?.name ?? name, version, "NewVersionCreated");
    return version;
  }
}

function kindOf(kty: string, vault: Vault): KeyVersion["kty"] {
  if (kty !== "RSA" && kty !== "RSA-HSM")
    throw badParameter(`Keys of the type ${kty} are not emulated; those of RSA and RSA-HSM are.`);
  if (kty === "RSA-HSM" && textAt(vault.resource.body, "properties", "sku", "name") !== "premium")
    throw badParameter("The key type RSA-HSM needs a vault of the SKU premium.");
  return kty;
}

async function newPrivateKey(size: number, exponent: number): Promise<string> {
  const { privateKey } = await generate("rsa", { modulusLength: size, publicExponent: exponent });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
