import type { PlainMap } from "../engine/resource-type";
import { isMap } from "../engine/wire";
import type { ApiClient } from "./api-client";
import type { TypeToken } from "./type-token";

/** What the official plugin watches while a new or changed object of the kind comes up: `group/resource`. */
export const AWAITED: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/Deployment": ["apps/deployments", "apps/replicasets", "/pods", "/persistentvolumeclaims"],
  "v1/Service": ["/services", "/endpoints"],
};

/**
 * The official plugin lists and watches what it waits for, in the object's whole namespace, and where it may not it waits
 * for ever. This one looks objects up one by one, and refuses where the official one would hang.
 */
export class WatchRights {
  private readonly judged = new Map<string, Promise<void>>();

  constructor(private readonly client: ApiClient) {}

  /** Rejects with one line where the user may not watch what tells that such an object is of use. */
  async toAwait({ apiVersion, kind }: TypeToken, namespace: string | undefined): Promise<void> {
    const awaited = AWAITED[`${apiVersion}/${kind}`] ?? [];
    await Promise.all(awaited.map((resource) => this.required(resource, namespace)));
  }

  /** The same for what tells that an object is gone. */
  toDelete({ apiVersion }: TypeToken, plural: string, namespace: string | undefined): Promise<void> {
    const group = apiVersion.includes("/") ? apiVersion.split("/", 1)[0] : "";
    return this.required(`${group}/${plural}`, namespace);
  }

  private required(resource: string, namespace: string | undefined): Promise<void> {
    const key = `${namespace ?? ""} ${resource}`;
    const known = this.judged.get(key);
    if (known !== undefined) return known;
    const judging = this.judge(resource, namespace);
    this.judged.set(key, judging);
    return judging;
  }

  private async judge(groupResource: string, namespace: string | undefined): Promise<void> {
    const [group = "", resource = ""] = groupResource.split("/");
    for (const verb of ["list", "watch"]) {
      const attributes = { verb, group, resource, ...(namespace !== undefined && { namespace }) };
      if (await this.may(attributes)) continue;
      const where = namespace === undefined ? "" : ` in the namespace "${namespace}"`;
      throw new Error(
        `may not ${verb} ${resource}${where}, without which the official plugin would wait for ever; grant list and watch there`,
      );
    }
  }

  private async may(resourceAttributes: PlainMap): Promise<boolean> {
    const { status } = await this.client.send({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes },
      },
    });
    return isMap(status) && status.allowed === true;
  }
}
