import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { nodesOf } from "../cli/preview-comment/support/markdown-tree";

const ROOT = join(__dirname, "..", "..", "..");
/** Parts of docs/policies.md, which is written from them: their links lead from where it is. */
const PARTS = "policies/docs/";

const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
});
const PAGES = listed
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith(PARTS) && !file.startsWith("test/"));

type Nodes = ReturnType<typeof nodesOf>;
const read = new Map<string, Nodes>();

function nodesIn(page: string): Nodes {
  const nodes = read.get(page) ?? nodesOf(readFileSync(join(ROOT, page), "utf8"));
  read.set(page, nodes);
  return nodes;
}

/** What a fragment may name: headings as GitHub and GitLab do, and places that a page names by itself. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const node of nodesIn(page)) {
    if (node.type === "html")
      for (const [, id = ""] of (node.value ?? "").matchAll(/ id="([^"]+)"/g)) anchors.add(id);
    if (node.type !== "heading") continue;
    const name = wordsOf(node)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = name;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${name}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function wordsOf({ value = "", children = [] }: Nodes[number]): string {
  return value + children.map(wordsOf).join("");
}

/** Where a page's links lead within the project. */
function linksOf(page: string): string[] {
  const links = nodesIn(page).flatMap(({ url }) => (url === undefined ? [] : [url]));
  return links.filter((url) => !/^[a-z]+:/.test(url));
}

/** What is wrong with a link; undefined where it leads somewhere. */
function problemOf(page: string, link: string): string | undefined {
  const [path = "", fragment] = link.split("#");
  const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), decodeURIComponent(path)));
  if (!existsSync(join(ROOT, target))) return `${page}: ${link}: there is no ${target}`;
  if (fragment === undefined || !target.endsWith(".md") || anchorsOf(target).has(fragment)) return undefined;
  return `${page}: ${link}: ${target} has no such heading`;
}

test.each(PAGES)("every link of %s within the project leads to a file, and to a heading of it", (page) => {
  const problems = linksOf(page).flatMap((link) => problemOf(page, link) ?? []);
  expect(problems).toEqual([]);
});

test("links are found, and so is one that leads nowhere", () => {
  expect(PAGES.flatMap(linksOf).filter((link) => link.includes("#")).length).toBeGreaterThan(20);
  expect(problemOf("docs/chart.md", "rewrap.md#what-it-needs")).toBe(
    "docs/chart.md: rewrap.md#what-it-needs: docs/rewrap.md has no such heading",
  );
  expect(problemOf("docs/chart.md", "none.md")).toBe("docs/chart.md: none.md: there is no docs/none.md");
  expect(problemOf("docs/relay.md", "#entra")).toBeUndefined();
});
