import { WEB_APP } from "../reading/azure";
import { credentialIn, namesCredential } from "../reading/secret-texts";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-function-no-plain-secret",
  title: "The relay's secrets are references to a key vault",
  why: "App settings are shown to whoever may look at the app, and lie in the state.",
  remedy: "Write `@Microsoft.KeyVault(SecretUri=…)` and let the app's identity read that one secret.",
  severity: "critical",
  types: [WEB_APP],
  *check(app) {
    for (const setting of app.list("siteConfig.appSettings")) {
      const name = setting.text("name") ?? "";
      const value = setting.text("value") ?? "";
      if (value.startsWith("@Microsoft.KeyVault(")) continue;
      if (isKindOfIdentity(name, value)) continue;
      if (credentialIn(value) !== undefined || (namesCredential(name) && value !== ""))
        yield `has a secret in the setting ${name}; refer to one in a key vault`;
    }
    if (app.list("siteConfig.connectionStrings").length > 0)
      yield "has connection strings, which hold passwords; let its identity log in";
  },
});

/** How the Functions host is told to log in as an identity: the setting's name says credential, and its value holds none. */
function isKindOfIdentity(name: string, value: string): boolean {
  return name.endsWith("__credential") && value === "managedidentity";
}
