import { configChange, toldChange } from "../../../rules/config-change";
import { CONFIG_NAME } from "../../../rules/sops-configs";
import type { Finding } from "../../finding";
import type { DeclaredDeploy } from "../declared-loop";
import { found } from "../found";
import type { ComparedFile, ProjectFacts } from "./facts";

/** Files that the program writes into the deploy repository: what people encrypt with, and what the jobs do. */
export function fileFindings({ files = [] }: ProjectFacts, _: DeclaredDeploy, project: string): Finding[] {
  return files.flatMap((file) => {
    const where = `${project}, ${file.path} of ${file.branch}`;
    return file.path === CONFIG_NAME ? configFindings(file, where) : textFindings(file, where);
  });
}

function configFindings({ declared, text }: ComparedFile, where: string): Finding[] {
  const change = configChange(declared, text);
  if (change === undefined) return [];
  const id = change.added.length > 0 ? "gitlab-recipient-added" : "gitlab-file-changed";
  return [found(id, where, toldChange(change))];
}

function textFindings({ declared, text }: ComparedFile, where: string): Finding[] {
  if (text === declared) return [];
  if (text === undefined) return [found("gitlab-file-changed", where, "it is not there")];
  const [is, wanted] = [text.split("\n"), declared.split("\n")];
  const first = is.findIndex((line, index) => line !== wanted[index]);
  const line = (first === -1 ? is.length : first) + 1;
  // Not what stands there: whoever has put it there may have put anything there.
  return [found("gitlab-file-changed", where, `it is another from line ${line} on`)];
}
