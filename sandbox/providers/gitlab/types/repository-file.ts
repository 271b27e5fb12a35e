import { setTimeout as sleep } from "node:timers/promises";
import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import type { GitLabClient, Path } from "../gitlab-client";
import { GitLabError } from "../gitlab-error";
import { waitMs } from "../repeating";
import { threeParts } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<branch>:<file path>";
const ATTEMPTS = 6;

const properties: Properties = {
  authorEmail: { kind: "text" },
  authorName: { kind: "text" },
  branch: { kind: "text", required: true, replace: true },
  commitMessage: {
    kind: "text",
    conflicts: ["createCommitMessage", "updateCommitMessage", "deleteCommitMessage"],
  },
  content: { kind: "text", required: true },
  createCommitMessage: { kind: "text" },
  deleteCommitMessage: { kind: "text" },
  encoding: { kind: "text", required: true, oneOf: ["base64", "text"] },
  executeFilemode: { kind: "flag" },
  filePath: { kind: "text", required: true, replace: true },
  overwriteOnCreate: { kind: "flag" },
  project: projectRow,
  startBranch: { kind: "text" },
  updateCommitMessage: { kind: "text" },
  blobId: { kind: "text", outputOnly: true },
  commitId: { kind: "text", outputOnly: true },
  contentSha256: { kind: "text", outputOnly: true },
  fileName: { kind: "text", outputOnly: true },
  lastCommitId: { kind: "text", outputOnly: true },
  ref: { kind: "text", outputOnly: true },
  size: { kind: "integer", outputOnly: true },
};

/** Properties that only shape a commit: GitLab does not tell them, and a change of them alone is no commit. */
const ABOUT_COMMITS = [
  "authorEmail",
  "authorName",
  "commitMessage",
  "createCommitMessage",
  "deleteCommitMessage",
  "overwriteOnCreate",
  "startBranch",
  "updateCommitMessage",
] as const;

/** A file of a repository. Commits are made one after the other, and again when somebody else's came between. */
export const repositoryFile: Definition = {
  token: "gitlab:index/repositoryFile:RepositoryFile",
  noun: "repository file",
  properties,
  identity: ["project", "branch", "filePath"],
  check: (inputs) => [...pathFailures(inputs), ...messageFailures(inputs)],

  async create(gitlab, inputs) {
    const id = `${textOf(inputs.project)}:${textOf(inputs.branch)}:${textOf(inputs.filePath)}`;
    await committing(gitlab, async () => {
      const there = inputs.overwriteOnCreate === true ? await live(gitlab, id) : undefined;
      if (there === undefined) await add(gitlab, id, inputs);
      else if (!sameFile(there, inputs)) await change(gitlab, id, inputs, there);
    });
    return { id };
  },

  async read(gitlab, id, known) {
    const [project, branch, filePath] = threeParts(id, FORM);
    const file = await live(gitlab, id);
    if (file === undefined) return undefined;
    const encoding = known?.encoding === "text" ? "text" : "base64";
    const told = ABOUT_COMMITS.filter((name) => known?.[name] !== undefined);
    return {
      ...fromApi(properties, file),
      ...Object.fromEntries(told.map((name) => [name, known?.[name] ?? null])),
      content: contentOf(file, encoding),
      encoding,
      project,
      branch,
      filePath,
    };
  },

  async update(gitlab, id, { inputs, changed }) {
    if (![...changed].some((name) => !(ABOUT_COMMITS as readonly string[]).includes(name))) return undefined;
    await committing(gitlab, async () => {
      const there = await live(gitlab, id);
      if (there === undefined) await add(gitlab, id, inputs);
      else if (!sameFile(there, inputs)) await change(gitlab, id, inputs, there);
    });
    return undefined;
  },

  async delete(gitlab, id, state) {
    await committing(gitlab, async () => {
      const there = await live(gitlab, id);
      if (there === undefined) return;
      const message = state.deleteCommitMessage ?? `[DELETE]: ${textOf(state.commitMessage ?? id)}`;
      await gitlab.delete(pathOf(id), `delete file ${id}`, {
        branch: threeParts(id, FORM)[1],
        commit_message: textOf(message),
        author_email: state.authorEmail === undefined ? undefined : textOf(state.authorEmail),
        author_name: state.authorName === undefined ? undefined : textOf(state.authorName),
        last_commit_id: textOf(there.last_commit_id ?? ""),
      });
    });
  },
};

function pathFailures({ filePath }: PlainMap): InputFailure[] {
  if (typeof filePath !== "string" || !/^\.?\//.test(filePath)) return [];
  return [
    { path: "filePath", reason: `filePath begins at the repository's root, without / or ./: "${filePath}"` },
  ];
}

function messageFailures(inputs: PlainMap): InputFailure[] {
  const own = ["createCommitMessage", "updateCommitMessage", "deleteCommitMessage"];
  const missing = own.filter((name) => inputs[name] === undefined);
  if (inputs.commitMessage !== undefined || missing.length === 0) return [];
  const reason = `a commit needs a message: set commitMessage, or ${missing.join(" and ")} as well`;
  return [{ path: "commitMessage", reason }];
}

function pathOf(id: string): Path {
  const [project, , filePath] = threeParts(id, FORM);
  return ["projects", project, "repository", "files", filePath];
}

function live(gitlab: GitLabClient, id: string): Promise<PlainMap | undefined> {
  return gitlab.get(pathOf(id), `read file ${id}`, { ref: threeParts(id, FORM)[1] });
}

async function add(gitlab: GitLabClient, id: string, inputs: PlainMap): Promise<void> {
  const body = bodyOf(inputs, inputs.createCommitMessage ?? inputs.commitMessage);
  try {
    await gitlab.post(pathOf(id), `add file ${id}`, body);
  } catch (error) {
    const taken = error instanceof GitLabError && error.complaint.includes("already exists");
    throw taken ? error.hinting("set overwriteOnCreate to true to take it over") : error;
  }
}

async function change(gitlab: GitLabClient, id: string, inputs: PlainMap, there: PlainMap): Promise<void> {
  const body = bodyOf(inputs, inputs.updateCommitMessage ?? inputs.commitMessage);
  const last = there.last_commit_id ?? "";
  await gitlab.put(pathOf(id), `change file ${id}`, { ...body, last_commit_id: last });
}

function bodyOf(inputs: PlainMap, message: PlainMap[string] | undefined): PlainMap {
  return {
    ...toApi(inputs, ["branch", "content", "encoding", "authorEmail", "authorName", "startBranch"]),
    execute_filemode: inputs.executeFilemode ?? false,
    commit_message: message ?? "",
  };
}

function contentOf(file: PlainMap, encoding: string): string {
  const content = textOf(file.content ?? "");
  return encoding === "text" ? Buffer.from(content, "base64").toString("utf8") : content;
}

function sameFile(file: PlainMap, inputs: PlainMap): boolean {
  const wanted = Buffer.from(textOf(inputs.content), inputs.encoding === "text" ? "utf8" : "base64");
  const found = Buffer.from(textOf(file.content ?? ""), "base64");
  return wanted.equals(found) && (file.execute_filemode ?? false) === (inputs.executeFilemode ?? false);
}

/** One commit at a time, and again when the branch has moved meanwhile: GitLab then asks to "refresh and try again". */
function committing(gitlab: GitLabClient, commit: () => Promise<void>): Promise<void> {
  return gitlab.commits(async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await commit();
      } catch (error) {
        if (attempt + 1 >= ATTEMPTS || !hasMoved(error)) throw error;
        await sleep(waitMs(attempt, undefined));
      }
    }
  });
}

function hasMoved(error: unknown): boolean {
  return (
    error instanceof GitLabError &&
    error.status === 400 &&
    /refresh and try again|has changed since/i.test(error.complaint)
  );
}
