import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

interface Node {
  readonly type: string;
  readonly value?: string;
  /** Of links and pictures. */
  readonly url?: string;
  readonly children?: readonly Node[];
}

/** Every node of a text as GitHub's and GitLab's Markdown has it, read by a parser that is not ours. */
export function nodesOf(markdown: string): readonly Node[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const nodes: Node[] = [];
  const visit = (node: Node) => {
    nodes.push(node);
    node.children?.forEach(visit);
  };
  visit(tree as Node);
  return nodes;
}
