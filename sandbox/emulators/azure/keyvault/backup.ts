import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Store } from "../store/store";
import type { Key, KeyVersion } from "./model";
import { VaultRefusal } from "./vault-refusal";

const CIPHER = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;

/** A key with all its versions, sealed: only this emulator opens it again. In base64url. */
export function backupOf(store: Store, { name, versions }: Key): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, keyOf(store), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ name, versions }), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

export function restoredFrom(
  store: Store,
  backup: string,
): { readonly name: string; readonly versions: readonly KeyVersion[] } {
  const bytes = Buffer.from(backup, "base64url");
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(store), bytes.subarray(0, NONCE));
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
    return JSON.parse(opened.toString("utf8"));
  } catch {
    throw new VaultRefusal(400, "Malformed backup blob", "Backup blob contains invalid or corrupt version.");
  }
}

function keyOf(store: Store): Buffer {
  return Buffer.from(store.tables.backupKey, "base64");
}
