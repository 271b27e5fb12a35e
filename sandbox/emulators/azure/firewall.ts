import { BlockList, isIP } from "node:net";
import type { Resources } from "./arm/resources";
import { listAt, textAt } from "./json";
import type { Resource } from "./model";

/** What stands before a vault or a storage account. Every client comes from one address: there is no network to tell them apart. */
export class Firewall {
  constructor(
    private readonly resources: Resources,
    private readonly clientAddress: string,
  ) {}

  /**
   * Why a client does not come in: nobody does from the internet, or its address is not on the list. Undefined when it does; a private
   * endpoint counts as everybody's way.
   */
  refusal({ id, body }: Resource): "closed" | "address" | undefined {
    if (this.hasPrivateEndpoint(id)) return undefined;
    if (textAt(body, "properties", "publicNetworkAccess")?.toLowerCase() === "disabled") return "closed";
    if (textAt(body, "properties", "networkAcls", "defaultAction") !== "Deny") return undefined;
    const rules = listAt(body, "properties", "networkAcls", "ipRules");
    return this.isOn(rules.map((rule) => textAt(rule, "value") ?? "")) ? undefined : "address";
  }

  private hasPrivateEndpoint(id: string): boolean {
    return this.resources
      .ofType("Microsoft.Network/privateEndpoints")
      .some((one) => JSON.stringify(one.body).toLowerCase().includes(`"${id.toLowerCase()}"`));
  }

  private isOn(ranges: readonly string[]): boolean {
    const list = new BlockList();
    for (const range of ranges) {
      const [base = "", bits = "32"] = range.split("/");
      if (isIP(base) === 4) list.addSubnet(base, Number(bits));
    }
    return list.check(this.clientAddress);
  }
}
