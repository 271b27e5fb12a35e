import { setTimeout as sleep } from "node:timers/promises";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";
import type { Cluster } from "./cluster";
import { CONTROL, isSet, timeoutMs } from "./control-annotations";
import { idOf, metadataOf } from "./manifest";
import { isSecret } from "./secret-data";
import type { TypeToken } from "./type-token";

const TOKEN_SECRET = "kubernetes.io/service-account-token";
const TOKEN_SECONDS = 30;
const DELETION_SECONDS = 600;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Waits until a new object is of use, which is a matter of waiting only for a service account's token Secret: a controller
 * fills it in. Resolves with the object as it is then; rejects with one line when the time is up.
 */
export async function untilReady(
  cluster: Cluster,
  type: TypeToken,
  inputs: PlainMap,
  created: PlainMap,
): Promise<PlainMap> {
  if (!isSecret(type) || created.type !== TOKEN_SECRET || isSet(inputs, CONTROL.skipAwait)) return created;
  const path = await cluster.path(
    type,
    String(metadataOf(created).namespace),
    String(metadataOf(created).name),
  );
  const limit = timeoutMs(inputs, TOKEN_SECONDS);
  const ready = await poll(limit, async () => {
    const live = await cluster.client.find(path);
    return isMap(live?.data) && Object.keys(live.data).length > 0 ? live : undefined;
  });
  if (ready !== undefined) return ready;
  throw new Error(
    `Secret "${idOf(created)}": no token appeared within ${limit / 1000} s; does its service account exist, and is the token controller running?`,
  );
}

/** Waits until an object is gone, or another stands in its place. Rejects with one line when the time is up. */
export async function untilGone(
  cluster: Cluster,
  path: string,
  type: TypeToken,
  state: PlainMap,
): Promise<void> {
  const { uid } = metadataOf(state);
  let last: PlainMap = state;
  const limit = timeoutMs(state, DELETION_SECONDS);
  const gone = await poll(limit, async () => {
    const live = await cluster.client.find(path);
    if (live === undefined || (uid !== undefined && metadataOf(live).uid !== uid)) return true;
    last = live;
    return undefined;
  });
  if (gone) return;
  const held = finalizersOf(last);
  const why = held.length > 0 ? ` (held by the finalizers ${held.join(", ")})` : "";
  throw new Error(
    `${type.kind} "${idOf(state)}": still there ${limit / 1000} s after its deletion was asked for${why}; is the controller running that ends it?`,
  );
}

/** A namespace keeps a finalizer of its own in `spec`. */
function finalizersOf(live: PlainMap): string[] {
  const spec = isMap(live.spec) ? live.spec.finalizers : undefined;
  const texts = (list: PlainValue | undefined) => (isList(list) ? list.map(String) : []);
  return [...texts(metadataOf(live).finalizers), ...texts(spec)];
}

async function poll<T>(limitMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + limitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const found = await look();
    const left = end - Date.now();
    if (found !== undefined || left <= 0) return found;
    await sleep(Math.min(pause, left));
  }
}
