import { KEY, settingsOf } from "../reading/azure";
import { resourceRule } from "../rule";

const USED = ["encrypt", "decrypt"];
const ALLOWED = [...USED, "wrapKey", "unwrapKey"];

export const rule = resourceRule({
  name: "azure-key-operations",
  title: "A key does what sops asks of it, and nothing else",
  why: "A key that signs as well can be used to forge what others trust it for. Without encrypt and decrypt sops fails.",
  remedy: "Set `keyOps` to encrypt and decrypt.",
  severity: "medium",
  types: [KEY],
  *check(key) {
    const operations = settingsOf(key).texts("keyOps");
    const others = operations.filter((each) => !ALLOWED.includes(each));
    if (operations.length === 0) yield "does everything that its type can; set keyOps to encrypt and decrypt";
    else if (others.length > 0) yield `can ${others.join(", ")} too; set keyOps to encrypt and decrypt`;
    for (const each of USED.filter((one) => operations.length > 0 && !operations.includes(one)))
      yield `cannot ${each}, which sops needs; add it to keyOps`;
  },
});
