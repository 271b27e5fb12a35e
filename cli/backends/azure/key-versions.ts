import { fieldOf } from "./vault-error";

/** One version of a key, as its vault tells it. Times are in milliseconds since 1970. */
export interface KeyVersion {
  readonly version: string;
  readonly enabled: boolean;
  readonly created: number;
  readonly notBefore?: number;
  readonly expires?: number;
}

/** @param kid `https://<vault>/keys/<name>/<version>`. Undefined where there is no such id, or no time of creation. */
export function keyVersion(kid: unknown, attributes: unknown): KeyVersion | undefined {
  const [, version] = (typeof kid === "string" && /\/keys\/[^/]+\/([0-9a-zA-Z]{1,64})$/.exec(kid)) || [];
  const created = milliseconds(attributes, "created");
  if (version === undefined || created === undefined) return undefined;
  const [notBefore, expires] = [milliseconds(attributes, "nbf"), milliseconds(attributes, "exp")];
  return {
    version,
    enabled: fieldOf(attributes, "enabled") !== false,
    created,
    ...(notBefore !== undefined && { notBefore }),
    ...(expires !== undefined && { expires }),
  };
}

/**
 * Why nothing can be wrapped by a version now, if so. A vault would refuse it, and so do Microsoft's own clients that wrap by the public
 * half. What is wrapped already opens, unless the version is disabled.
 */
export function unfitness({ enabled, notBefore, expires }: KeyVersion, now: number): string | undefined {
  if (!enabled) return "is disabled";
  if (expires !== undefined && expires <= now) return `has expired (${dateOf(expires)})`;
  if (notBefore !== undefined && notBefore > now) return `does not hold before ${dateOf(notBefore)}`;
  return undefined;
}

/**
 * How many versions came after this one, which is not the current; at least 1. Times are in whole seconds, so that of several made in
 * one second only the current counts. -1 where the key has no such version.
 */
export function versionsAfter(versions: readonly KeyVersion[], version: string, current: string): number {
  const own = versions.find((each) => each.version === version);
  if (!own) return -1;
  const later = versions.filter((each) => each.created > own.created && each.version !== current);
  return later.length + 1;
}

/** Versions other than the current that still open, oldest first. */
export function olderVersions(versions: readonly KeyVersion[], current: string): string[] {
  return versions
    .filter(({ version, enabled }) => enabled && version !== current)
    .sort((one, other) => one.created - other.created)
    .map(({ version }) => version);
}

function milliseconds(attributes: unknown, name: string): number | undefined {
  const seconds = fieldOf(attributes, name);
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function dateOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
