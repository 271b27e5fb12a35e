import { isObject } from "../../preview-comment/secrets/pulumi-values";
import type { Key } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import type { StateResource } from "../source/state-resource";
import { type KeyFact, numberAt, textAt } from "./facts";

const TRANSIT_KEY = "vault:transit/secretBackendKey:SecretBackendKey";

interface Transit {
  readonly mount: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly latest: number;
  readonly least: number;
  /** Seconds; 0 for never. */
  readonly period: number;
  /** ISO 8601 by version. */
  readonly created: ReadonlyMap<number, string>;
}

/** The keys of Vault's transit engines: the program's own, and whichever others the stack has. */
export function vaultKeys(
  { resources, outputs }: StackReading,
  { key, vault }: AuditOutput,
): readonly KeyFact[] {
  const own: Transit = {
    ...{ mount: key.mount, name: key.name, type: key.type, latest: key.latestVersion },
    ...{ least: key.minDecryptionVersion, period: key.autoRotatePeriod },
    created: new Map((key.versions ?? []).map(({ version, created }) => [version, created])),
  };
  const uri = textAt(outputs, "vaultTransitUri") ?? "";
  const end = `/${own.mount}/keys/${own.name}`;
  // With a Vault namespace, if there is one.
  const base = uri.endsWith(end) ? uri.slice(0, -end.length) : `${vault.address}/v1`;
  const found = resources
    .filter(({ type }) => type === TRANSIT_KEY)
    .flatMap((state) => transitOf(state) ?? []);
  const isOwn = ({ mount, name }: Transit) => mount === own.mount && name === own.name;
  return [...(found.some(isOwn) ? [] : [own]), ...found].map((transit) => {
    const { mount, name } = transit;
    return { key: keyOf(`${base}/${mount}/keys/${name}`, transit), transit: { mount, name } };
  });
}

function transitOf({ values }: StateResource): Transit | undefined {
  const [mount, name] = [textAt(values, "backend"), textAt(values, "name")];
  if (mount === undefined || name === undefined) return undefined;
  const latest = numberAt(values, "latestVersion") ?? 1;
  const told = Array.isArray(values.keys) ? values.keys.flatMap((version) => timeOf(version) ?? []) : [];
  // In no certain order, and without those that Vault opens no more.
  const times = told.sort();
  const first = latest - times.length + 1;
  return {
    ...{ mount, name, type: textAt(values, "type"), latest },
    ...{
      least: numberAt(values, "minDecryptionVersion") ?? 1,
      period: numberAt(values, "autoRotatePeriod") ?? 0,
    },
    created: new Map(times.map((time, at) => [first + at, time])),
  };
}

/** Seconds since 1970, which is all that Vault tells of a version of a symmetric key. */
function timeOf(version: unknown): string | undefined {
  const seconds = isObject(version) ? numberAt(version, "id") : undefined;
  return seconds !== undefined && seconds > 0 ? new Date(seconds * 1000).toISOString() : undefined;
}

function keyOf(id: string, { mount, name, type, latest, least, period, created }: Transit): Key {
  const first = Math.min(latest, ...created.keys(), Math.max(1, least));
  const versions = Array.from({ length: latest - first + 1 }, (_, at) => first + at);
  const current = created.get(latest);
  const oldest = [...created].sort(([a], [b]) => a - b)[0]?.[1];
  const due = current === undefined || period === 0 ? undefined : Date.parse(current) + period * 1000;
  return {
    ...{ id, backend: "vault", name: `${mount}/keys/${name}`, current: String(latest) },
    ...(type !== undefined && { type }),
    oldestUsable: String(Math.max(1, least)),
    versions: versions.map((version) => {
      const time = created.get(version);
      const state = version === latest ? "current" : version < least ? "closed" : "usable";
      return { version: String(version), ...(time !== undefined && { created: time }), state };
    }),
    ...(oldest !== undefined && { created: oldest }),
    ...(period > 0 && { rotation: durationOf(period) }),
    ...(due !== undefined && { rotatesAt: new Date(due).toISOString() }),
  };
}

/** ISO 8601: `P90D`, `PT36H`. */
function durationOf(seconds: number): string {
  if (seconds % 86_400 === 0) return `P${seconds / 86_400}D`;
  return seconds % 3600 === 0 ? `PT${seconds / 3600}H` : `PT${seconds}S`;
}
