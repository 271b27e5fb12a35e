import { ciDocuments, includesIn, isMapping, REPOSITORY_FILE, valuesOf } from "../reading/ci-file";
import { cisGitlab } from "../references";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "gitlab-ci-pinned-image",
  title: "A job that logs in to Vault runs an image that is pinned",
  why: "Whoever may push to the registry puts other code under the same tag, and it runs with the job's ID token.",
  remedy: "Set `sopsloop:gitlab.image` to an image with a version, or better with its digest.",
  severity: "medium",
  // The pipelines' default is the project's own image under the tag latest: a shell runner, which the sandbox has, takes no notice of it.
  enforcement: "advisory",
  references: [cisGitlab("3.1.7")],
  types: [REPOSITORY_FILE],
  *check(file, stack) {
    const documents = ciDocuments(file) ?? [];
    const images = [
      ...documents.flatMap(imagesIn),
      ...documents.flatMap(includesIn).flatMap((include) => defaultImage(include, file, stack)),
    ];
    for (const image of new Set(images))
      if (!isPinned(image))
        yield `runs ${image}, which can become another image; set sopsloop:gitlab.image to one with a version`;
  },
});

/** In jobs, and in what a file hands to those that it includes; a header only says what may be handed over. */
function imagesIn({ spec: _, ...document }: Readonly<Record<string, unknown>>): string[] {
  return valuesOf(document, "image").flatMap((image) => {
    const name = isMapping(image) ? image.name : image;
    return typeof name === "string" ? [name] : [];
  });
}

/** The image that an included file of the same project takes when it is handed none. */
function defaultImage(
  { local, inputs }: { readonly local: string; readonly inputs: Readonly<Record<string, unknown>> },
  file: Subject,
  stack: Stack,
): string[] {
  if ("image" in inputs) return [];
  return stack
    .ofType(REPOSITORY_FILE)
    .filter((each) => each.text("project") === file.text("project"))
    .filter((each) => each.text("filePath") === local.replace(/^\//, ""))
    .flatMap((each) => ciDocuments(each) ?? [])
    .flatMap(({ spec }) => valuesOf(spec, "image"))
    .flatMap((image) => (isMapping(image) && typeof image.default === "string" ? [image.default] : []));
}

function isPinned(image: string): boolean {
  // An input is judged where it is given.
  if (image.startsWith("$[[") || image.includes("@sha256:")) return true;
  const [, tag] = /:([\w.-]+)$/.exec(image) ?? [];
  return tag !== undefined && tag !== "latest";
}
