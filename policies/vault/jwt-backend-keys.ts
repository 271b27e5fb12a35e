import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-jwt-backend-keys",
  title: "Vault fetches the keys that it believes over TLS, or is given them",
  why: "Who can change that answer on the way signs their own tokens, for any role.",
  remedy:
    "Use https in `oidcDiscoveryUrl` and `jwksUrl`, with the CA beside it where it is a private one, or list keys in `jwtValidationPubkeys`.",
  severity: "critical",
  types: ["vault:jwt/authBackend:AuthBackend"],
  *check(backend) {
    for (const path of ["oidcDiscoveryUrl", "jwksUrl"]) {
      const url = backend.text(path);
      if (url && !isPrivateUrl(url))
        yield `fetches its keys in the clear from ${originOf(url)}; use https in ${path}`;
    }
    const issuer = backend.text("oidcDiscoveryUrl");
    const bound = backend.text("boundIssuer");
    if (issuer && bound && issuer.replace(/\/+$/, "") !== bound.replace(/\/+$/, ""))
      yield `fetches its keys from ${originOf(issuer)} but wants tokens of ${originOf(bound)}; make oidcDiscoveryUrl and boundIssuer the same`;
  },
});
