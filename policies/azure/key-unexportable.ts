import { KEY, settingsOf } from "../reading/azure";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-unexportable",
  title: "A key cannot leave its vault",
  why: "Who has the released key decrypts every file without Azure: no log tells, and no removed role helps.",
  remedy: "Leave `attributes.exportable` and `releasePolicy` out, and make a new key.",
  severity: "critical",
  types: [KEY],
  *check(key) {
    const settings = settingsOf(key);
    if (settings.flag("attributes.exportable") === true || settings.has("releasePolicy"))
      yield "can be released from its vault; leave attributes.exportable and releasePolicy out, in a new key";
  },
});
