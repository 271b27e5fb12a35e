import { PartialCreateError } from "../engine/partial-create-error";
import type { Checked, Difference, Live, PlainMap, ResourceType, Stored } from "../engine/resource-type";
import type { Cluster } from "./cluster";
import { CONTROL, isSet } from "./control-annotations";
import { checkInputs } from "./input-check";
import { importedInputs, liveInputs } from "./live-inputs";
import { annotationOf, idOf, nameOf, namespaceOf, parseId } from "./manifest";
import { newFieldManager } from "./naming";
import { objectDifference } from "./object-diff";
import { applyObject, createObject, deleteObject, mayForce, relinquish, updateObject } from "./object-writes";
import { explained } from "./refusal";
import { inWordsOf, isSecret, withoutHiddenCopies } from "./secret-data";
import type { Settings } from "./settings";
import type { TypeToken } from "./type-token";
import { untilGone, untilReady } from "./waiting";

/** State entries of the official provider beside the object itself. */
const FIELD_MANAGER = "__fieldManager";
const INITIAL_API_VERSION = "__initialApiVersion";

/** One kind of Kubernetes object as a Pulumi resource. All kinds work alike; `known-kinds.ts` has what sets them apart. */
export class ObjectType implements ResourceType<Cluster> {
  readonly secretOutputs: readonly string[];

  constructor(
    readonly token: string,
    private readonly type: TypeToken,
    private readonly settings: () => Settings,
  ) {
    this.secretOutputs = isSecret(type) ? ["data", "stringData"] : [];
  }

  check(inputs: PlainMap, previous: PlainMap | undefined, cluster: Cluster | undefined): Promise<Checked> {
    return checkInputs(this.type, inputs, previous, cluster);
  }

  diff(oldInputs: PlainMap, newInputs: PlainMap): Difference {
    return objectDifference(this.type, this.settings(), oldInputs, newInputs);
  }

  async create(cluster: Cluster, inputs: PlainMap): Promise<Stored> {
    const { type } = this;
    const manager = annotationOf(inputs, CONTROL.patchFieldManager) ?? newFieldManager();
    const force = mayForce(cluster, inputs);
    if (type.patch) await this.requireTarget(cluster, inputs);
    await this.requireWatches(cluster, inputs);
    const made = await explained(type, inputs, () =>
      type.patch || cluster.settings.upsertExistingObjects
        ? applyObject(cluster, type, inputs, manager, { force })
        : createObject(cluster, type, inputs),
    );
    try {
      const ready = await untilReady(cluster, type, inputs, made);
      return { id: idOf(made), outputs: this.outputs(ready, manager) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PartialCreateError(reason, idOf(made), inputs, this.outputs(made, manager));
    }
  }

  async read(
    cluster: Cluster,
    id: string,
    inputs: PlainMap | undefined,
    state: PlainMap | undefined,
  ): Promise<Live | undefined> {
    const { type } = this;
    if ((await cluster.locate(type)) === undefined) return undefined;
    const { namespace, name } = parseId(id);
    const path = await cluster.path(type, namespace ?? cluster.namespace, name);
    const live = await explained(type, { metadata: { name } }, () => cluster.client.find(path));
    if (live === undefined) return undefined;
    const manager = managerOf(state) ?? newFieldManager();
    const found = inputs ?? {};
    const isImport = Object.keys(found).length === 0;
    const shaped = isImport ? importedInputs(live) : this.shaped(found, state ?? {}, live);
    return { id, inputs: shaped, outputs: this.outputs(live, manager) };
  }

  async update(
    cluster: Cluster,
    _id: string,
    oldState: PlainMap,
    _oldInputs: PlainMap,
    newInputs: PlainMap,
  ): Promise<PlainMap> {
    const before = managerOf(oldState);
    const manager = annotationOf(newInputs, CONTROL.patchFieldManager) ?? before ?? newFieldManager();
    await this.requireWatches(cluster, newInputs);
    const live = await updateObject(cluster, this.type, newInputs, manager);
    if (before !== undefined && before !== manager) await relinquish(cluster, this.type, newInputs, before);
    return this.outputs(live, manager);
  }

  async delete(cluster: Cluster, id: string, state: PlainMap): Promise<void> {
    const { type } = this;
    const location = await cluster.locate(type);
    // Where the kind itself is gone, so are all its objects.
    if (location === undefined) return;
    if (type.patch) return relinquish(cluster, type, state, managerOf(state) ?? newFieldManager());
    const { namespace, name } = parseId(id);
    const path = await cluster.path(type, namespace ?? cluster.namespace, name);
    await cluster.watchRights.toDelete(type, location.plural, namespace);
    if (await deleteObject(cluster, path, type, state)) await untilGone(cluster, path, type, state);
  }

  /** Server-side apply would make the missing object out of the few fields that the patch has. */
  private async requireTarget(cluster: Cluster, inputs: PlainMap): Promise<void> {
    const path = await cluster.path(this.type, namespaceOf(inputs), nameOf(inputs));
    const target = await explained(this.type, inputs, () => cluster.client.find(path));
    if (target !== undefined) return;
    throw new Error(
      `${this.type.kind} "${idOf(inputs)}": there is nothing to patch; make it first, or mend the name`,
    );
  }

  private async requireWatches(cluster: Cluster, inputs: PlainMap): Promise<void> {
    if (!isSet(inputs, CONTROL.skipAwait))
      await cluster.watchRights.toAwait(this.type, namespaceOf(inputs) ?? cluster.namespace);
  }

  private shaped(inputs: PlainMap, state: PlainMap, live: PlainMap): PlainMap {
    if (!isSecret(this.type)) return liveInputs(inputs, state, live);
    return liveInputs(inputs, inWordsOf(inputs, state), inWordsOf(inputs, live));
  }

  private outputs(live: PlainMap, manager: string): PlainMap {
    const object = isSecret(this.type) ? withoutHiddenCopies(live) : live;
    return { ...object, [FIELD_MANAGER]: manager, [INITIAL_API_VERSION]: this.type.apiVersion };
  }
}

function managerOf(state: PlainMap | undefined): string | undefined {
  const manager = state?.[FIELD_MANAGER];
  return typeof manager === "string" && manager !== "" ? manager : undefined;
}
