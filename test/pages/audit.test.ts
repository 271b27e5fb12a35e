import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { htmlOf } from "../../cli/audit/html/page";
import { reportOfExport } from "../unit/cli/audit/support/audited";
import { everythingReport } from "../unit/cli/audit/support/everything";
import { strangeReport } from "../unit/cli/audit/support/strange";
import { syntheticExport } from "../unit/cli/audit/support/synthetic";
import { findBrowser, launch, listenTo } from "./support/browser";
import { hindrances, inPage, unfold } from "./support/in-page";

const executable = await findBrowser();

describe.skipIf(executable === undefined)("the audit page in a browser", () => {
  let folder: string;
  let browser: Browser;
  const pages: Page[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-pages-"));
    browser = await launch(executable ?? "");
    const reports = {
      everything: await everythingReport({ since: true }),
      large: await reportOfExport(syntheticExport(200, 50), { policies: true, failOn: "never" }),
      // Folded as the large one is, and looked through in a fraction of the time.
      middling: await reportOfExport(syntheticExport(60, 12), { policies: true, failOn: "never" }),
      strange: strangeReport(),
    };
    for (const [name, report] of Object.entries(reports))
      writeFileSync(join(folder, `${name}.html`), htmlOf(report));
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (name: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    pages.push(page);
    const address = pathToFileURL(join(folder, `${name}.html`)).href;
    const noises = listenTo(page, address);
    await page.goto(address);
    return { page, noises };
  };

  describe.each(["everything", "large", "strange"])("%s", (name) => {
    test("asks for nothing, says nothing on the console, and needs no script", async () => {
      const { noises } = await open(name);
      expect(noises).toEqual({ requests: [], console: [], errors: [] });
      const { page } = await open(name, { javaScriptEnabled: false });
      expect(await page.locator("h1").textContent()).toBe("Who can decrypt what");
      expect(await page.locator("script").count()).toBe(0);
    });

    test.each([1280, 400])("is never wider than a window of %i", async (width) => {
      const { page } = await open(name, { viewport: { width, height: 800 } });
      expect(await inPage<number>(page, "document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    });
  });

  test.each([
    ["everything", "light"],
    ["everything", "dark"],
    ["middling", "light"],
    ["strange", "dark"],
  ] as const)(
    "%s, %s: nothing that hinders anybody from reading it",
    async (name, colorScheme) => {
      const { page } = await open(name, { colorScheme, bypassCSP: true });
      await unfold(page);
      expect(await hindrances(page)).toEqual([]);
    },
    180_000,
  );

  test("has landmarks, one heading of the first order, and a section for everything in the navigation", async () => {
    const { page } = await open("everything");
    const landmarks = ["banner", "navigation", "main", "contentinfo"] as const;
    const counts = await Promise.all(landmarks.map((role) => page.getByRole(role).count()));
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    const names = [
      "changes",
      "access",
      "trust",
      "findings",
      "keys",
      "flux",
      "files",
      "triggers",
      "log",
      "skipped",
    ];
    expect(await inPage(page, `[...document.querySelectorAll("nav a")].map(({ hash }) => hash)`)).toEqual(
      names.map((name) => `#${name}`),
    );
    expect(
      await inPage(page, `[...document.querySelectorAll("main > section")].map(({ id }) => id)`),
    ).toEqual(names);
  });

  test.each(["everything", "large"])("%s: every link leads somewhere in it", async (name) => {
    const { page } = await open(name);
    const targets = await inPage<string[]>(
      page,
      `[...document.querySelectorAll("a")].map((link) => link.getAttribute("href"))`,
    );
    const ids = await inPage<string[]>(
      page,
      `[...document.querySelectorAll("[id]")].map(({ id }) => "#" + id)`,
    );
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
    expect(ids.length).toBe(new Set(ids).size);
  });

  test("light and dark differ, and both are its own", async () => {
    const grounds = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open("everything", { colorScheme });
      grounds.push(await inPage(page, "getComputedStyle(document.body).backgroundColor"));
    }
    expect(grounds).toEqual(["rgb(250, 249, 246)", "rgb(19, 23, 27)"]);
  });

  test("by the keyboard: past the navigation, to a box of the graph, open a group, move a table", async () => {
    const { page } = await open("large");
    await page.keyboard.press("Tab");
    expect(await inPage(page, "document.activeElement.textContent")).toBe("To the report");
    await page.locator(".graph a").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#access$/);
    const member = page.locator("#access").getByText("team-00/app-000", { exact: true });
    expect(await member.isVisible()).toBe(false);
    await page.getByRole("checkbox", { name: "Show the members of namespace team-00" }).focus();
    await page.keyboard.press("Space");
    expect(await member.isVisible()).toBe(true);
    await page.locator("#access .wide").focus();
    await page.keyboard.press("ArrowDown");
    const moved = () => inPage<number>(page, `document.querySelector("#access .wide").scrollTop`);
    await expect.poll(moved).toBeGreaterThan(0);
  });

  test("a box that one points at brings out every way through it, and no other", async () => {
    const { page } = await open("everything");
    const opacities = () =>
      inPage<string[]>(
        page,
        `[...document.querySelectorAll(".graph .edge")].map((edge) => getComputedStyle(edge).opacity)`,
      );
    expect(new Set(await opacities())).toEqual(new Set(["1"]));
    await page.locator(".graph a", { hasText: "ServiceAccount of ci" }).focus();
    const all = await opacities();
    const shown = all.filter((opacity) => opacity === "1").length;
    expect(shown).toBeGreaterThan(4);
    expect(shown).toBeLessThan(all.length);
  });

  test("the heads of a large matrix stay in sight while it moves", async () => {
    const { page } = await open("large");
    await inPage(page, `document.querySelector("#access .wide").scrollTo(600, 300)`);
    const box = (selector: string) =>
      inPage<{ top: number; left: number }>(
        page,
        `document.querySelector("${selector}").getBoundingClientRect().toJSON()`,
      );
    const frame = await box("#access .wide");
    const head = await box("#access thead th");
    const name = await box("#access tbody:nth-of-type(12) .name");
    // The frame's own line is one wide.
    expect([head.top - frame.top, name.left - frame.left].map(Math.round)).toEqual([1, 1]);
  });

  test("on paper: everything is unfolded, and the navigation is gone", async () => {
    const { page } = await open("large");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator("#access").getByText("team-07/app-007", { exact: true }).isVisible()).toBe(
      true,
    );
    expect(await page.locator("#paths td").first().isVisible()).toBe(true);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(3);
  });

  test("what strangers call things is text and nothing else", async () => {
    const { page } = await open("strange");
    const tags = await inPage<string[]>(
      page,
      `[...document.querySelectorAll("body *")].map(({ localName }) => localName)`,
    );
    const active = ["script", "img", "iframe", "object", "embed", "form", "style", "link", "meta", "base"];
    expect(tags.filter((tag) => active.includes(tag))).toEqual([]);
    const names = await inPage<string[]>(
      page,
      `[...document.querySelectorAll("*")].flatMap((each) => each.getAttributeNames())`,
    );
    expect(names.filter((name) => name.startsWith("on") || name === "style")).toEqual([]);
    expect(await page.locator("#access").textContent()).toContain('"><script>alert(1)</script>');
    expect(await page.title()).toBe('"><script>alert(1)</script>: who can decrypt what');
  });
});
