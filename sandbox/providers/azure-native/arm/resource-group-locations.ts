import { type PlainMap, type PlainValue, UNKNOWN } from "../../engine/resource-type";
import type { ArmClient } from "./arm-client";

const API_VERSION = "2024-03-01";

/** The location of a resource whose program names none: that of the provider's config, else its resource group's. */
export class ResourceGroupLocations {
  private readonly known = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly arm: ArmClient,
    private readonly subscriptionId: string,
    private readonly configured: string | undefined,
  ) {}

  /** `undefined` when nobody knows. A resource group that is not there yet has none. */
  async locationFor(inputs: PlainMap): Promise<PlainValue | undefined> {
    if (this.configured !== undefined) return this.configured;
    const group = inputs.resourceGroupName;
    if (group === UNKNOWN) return UNKNOWN;
    return typeof group === "string" ? this.locationOf(group) : undefined;
  }

  private async locationOf(group: string): Promise<string | undefined> {
    const known = this.known.get(group) ?? this.ask(group);
    this.known.set(group, known);
    const location = await known;
    if (location === undefined) this.known.delete(group);
    return location;
  }

  private async ask(group: string): Promise<string | undefined> {
    const id = `/subscriptions/${this.subscriptionId}/resourceGroups/${encodeURIComponent(group)}`;
    const found = await this.arm.get(id, API_VERSION, `tell where resource group ${group} is`);
    return typeof found?.location === "string" ? found.location : undefined;
  }
}
