import type { CsmPublishingCredentialsPoliciesEntity, WebSiteManagementClient } from "@azure/arm-appservice";
import { objectAt } from "../../json";
import type { Resource } from "../../model";
import { SITES } from "../../sites";
import { ArmRefusal } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import type { ResourceType } from "../resource-type";
import { VERSIONS, webClient } from "./web";

const TYPE = `${SITES}/basicPublishingCredentialsPolicies`;
/** The one of the two that is kept. The other is about FTP. */
const SCM = "scm";

/** Whether code may be deployed by user name and password: an app begins with yes. */
export const publishingPolicies: ResourceType = {
  name: TYPE,
  apiVersions: VERSIONS,
  model: new OfficialModel<WebSiteManagementClient, CsmPublishingCredentialsPoliciesEntity>({
    client: webClient,
    read: (one) => one.webApps.getScmAllowed("group", "site"),
    write: (one, model) => one.webApps.updateScmAllowed("group", "site", model),
  }),
  elsewhere: {
    get: (core, id) => {
      const site = core.resources.get(id.scope);
      return site && id.name.toLowerCase() === SCM ? policyOf(site) : undefined;
    },
    put: ({ core, id, body }) => {
      const site = core.resources.get(id.scope);
      if (site === undefined)
        throw new ArmRefusal(404, "ResourceNotFound", "The site of the policy is not there.");
      if (id.name.toLowerCase() !== SCM)
        throw new ArmRefusal(501, "NotImplemented", "The emulator knows the policy scm.");
      site.hidden = { ...site.hidden, scmAllowed: objectAt(body, "properties").allow ?? true };
      core.store.changed();
      return policyOf(site);
    },
  },
};

function policyOf({ id, hidden }: Resource) {
  return {
    id: `${id}/basicPublishingCredentialsPolicies/${SCM}`,
    name: SCM,
    type: TYPE,
    properties: { allow: hidden?.scmAllowed ?? true },
  };
}
