import { source } from "axe-core";
import type { Page } from "playwright-core";

/** Rules of axe that are worth a failure. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What a script in the page comes to. As text: the browser's types are not those of the other tests.
 *
 * @param script an expression.
 */
export function inPage<T>(page: Page, script: string): Promise<T> {
  return page.evaluate<T>(script);
}

/** Unfolds all that can be, so that all of it is looked at. */
export async function unfold(page: Page): Promise<void> {
  await inPage(page, 'document.querySelectorAll("details").forEach((each) => { each.open = true; })');
  await inPage(page, 'document.querySelectorAll("input.open").forEach((each) => { each.checked = true; })');
}

/** What axe finds, one line for each rule. The page has to be open without its own policy: axe is a script. */
export async function hindrances(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const { violations } = await inPage<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    page,
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
  );
  return violations.map(({ id, nodes }) =>
    [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 300))].join(" "),
  );
}
