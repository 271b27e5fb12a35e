import { type Browser, chromium, type Page } from "playwright-core";
import { messageOf } from "../../../sandbox/processes/sandbox-error";
import { ensureFromDebian } from "../../../sandbox/toolchain/debian-package";
import { findOnPath } from "../../../sandbox/toolchain/on-path";

/** As the makers of distributions call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a browser is, Debian's installed where this user may; undefined, and why on standard error, where there is none. */
export async function findBrowser(): Promise<string | undefined> {
  const found = NAMES.map((name) => findOnPath(name, process.env.PATH ?? "")).find(
    (path) => path !== undefined,
  );
  if (found !== undefined) return found;
  try {
    const need = "pages are tested in it";
    await ensureFromDebian({ command: "chromium", packageName: "chromium", need });
    return findOnPath("chromium", process.env.PATH ?? "");
  } catch (error) {
    console.error(messageOf(error));
    return undefined;
  }
}

/** Headless, and with a profile of its own that goes with it. */
export function launch(executablePath: string): Promise<Browser> {
  // Chromium refuses to start as root with its own sandbox on.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** Everything that a page did beside showing itself. */
export interface Noises {
  /** Addresses that were asked for, the page's own left out. */
  readonly requests: string[];
  readonly console: string[];
  readonly errors: string[];
}

/** Listens to a page from now on. @param own the page's address. */
export function listenTo(page: Page, own: string): Noises {
  const noises: Noises = { requests: [], console: [], errors: [] };
  page.on("request", (request) => {
    if (request.url() !== own) noises.requests.push(request.url());
  });
  page.on("console", (message) => noises.console.push(message.text()));
  page.on("pageerror", (error) => noises.errors.push(error.message));
  return noises;
}
