import type { Envelope } from "../events/batch";
import type { KeyVersion } from "../events/key-version";

/** Names one event: what CloudEvents promises to be unique. */
export function eventKey({ source, id }: Envelope): string {
  return JSON.stringify(["event", source, id]);
}

/** Names one version of one key, whichever event tells of it. */
export function versionKey({ vault, key, version }: Required<KeyVersion>): string {
  return JSON.stringify(["version", vault, key, version]);
}
