import { CONFIG_MAP } from "../reading/kubernetes";
import { credentialIn, namesCredential } from "../reading/secret-texts";
import { trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-config-map-no-secret",
  title: "No ConfigMap holds a credential",
  why: "ConfigMaps are read by many, logged by more, and kept in the state in the clear.",
  remedy: "Make it a Secret that the loop encrypts, and treat the credential as leaked.",
  severity: "critical",
  references: [trivy("KSV-0109")],
  types: [CONFIG_MAP],
  *check(map) {
    for (const [key, value] of map.entries("data")) {
      const kind = credentialIn(value.text() ?? "");
      if (kind) yield `holds ${kind} under ${key}; make it a Secret, and treat it as leaked`;
      else if (namesCredential(key) && value.has())
        yield `has a key ${key}, which names a credential; make it a Secret`;
    }
  },
});
