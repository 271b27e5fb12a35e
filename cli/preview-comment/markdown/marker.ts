/**
 * The first line of the comment, which nobody sees, and by which the next run finds it again.
 *
 * @param stack `project/stack`: each has a comment of its own.
 */
export function markerOf(stack: string | undefined): string {
  // Two dashes would end it, and the name is a stranger's.
  const wellFormed = Buffer.from(stack ?? "", "utf8").toString("utf8");
  const name = encodeURIComponent(wellFormed).replaceAll("-", "%2D");
  return `<!-- sopsloop preview-comment ${name} -->`;
}
