import { parseAllDocuments } from "yaml";
import { REPOSITORY_FILE } from "../reading/gitlab";
import { credentialIn } from "../reading/secret-texts";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-file-no-secret",
  title: "No file is committed with a secret in the clear",
  why: "Git keeps it for ever, in every clone.",
  remedy: "Encrypt the file with sops before it is committed, and treat what was committed as leaked.",
  severity: "critical",
  references: [cisGitlab("5.1.3"), cisGitlab("2.3.8")],
  types: [REPOSITORY_FILE],
  *check(file) {
    const path = file.text("filePath") ?? "";
    const given = file.text("content") ?? "";
    const text = file.text("encoding") === "base64" ? Buffer.from(given, "base64").toString("utf8") : given;
    const kind = credentialIn(text);
    if (kind) yield `${path} holds ${kind}; encrypt it with sops, and treat it as leaked`;
    else if (/\.ya?ml$/.test(path) && hasPlainSecret(text))
      yield `${path} holds a Kubernetes Secret that is not encrypted; encrypt it with sops, and treat it as leaked`;
  },
});

function hasPlainSecret(text: string): boolean {
  return parseAllDocuments(text, { logLevel: "silent" }).some((document) => {
    if (!("toJS" in document) || document.errors.length > 0) return false;
    const object: unknown = document.toJS();
    if (typeof object !== "object" || object === null || Reflect.get(object, "kind") !== "Secret")
      return false;
    const isEncrypted = "sops" in object;
    return !isEncrypted && ("data" in object || "stringData" in object);
  });
}
