import { SERVICE_ACCOUNT } from "../reading/kubernetes";
import { resourceRule } from "../rule";

const PREFIX = "credential.auth.fluxcd.io/audiences";

export const rule = resourceRule({
  name: "flux-account-no-audiences",
  title: "Flux asks for tokens that are made for the server that gets them",
  why: "With audiences of its own choice on the account, a committed file that names another server receives a token that is good for the real Vault.",
  remedy:
    "Leave the annotation credential.auth.fluxcd.io/audiences out: Flux then takes the server's address.",
  severity: "critical",
  types: [SERVICE_ACCOUNT],
  *check(account) {
    if (account.entries("metadata.annotations").some(([name]) => name === PREFIX))
      yield `overrides the audience of its tokens (${PREFIX}); leave that annotation out`;
  },
});
