// A payer's browser, which watches every page that it visits: what a page must never do fails the test at its end.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { axeSource, chromium, folder } from "./packages.mjs";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const STEP_MS = 15_000;
/** A desktop and the narrowest phone that the pages are made for. */
export const WIDTHS = { desktop: 1280, phone: 360 };

/** Starts Debian's Chromium. */
export function openChromium() {
  return chromium.launch({ executablePath: process.env.AYNI_CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * Opens a browser of its own (no cookie is shared) and returns its page, how to look at it, and how to close it.
 * `own` lists the origins that a page may load from.
 */
export async function openPayer(engine, own, { width = WIDTHS.desktop, scripts = true, language = "es" } = {}) {
  const context = await engine.newContext({
    viewport: { width, height: 800 },
    javaScriptEnabled: scripts,
    locale: language === "es" ? "es-CL" : "en-US",
  });
  context.setDefaultTimeout(STEP_MS);
  const page = await context.newPage();
  const faults = watch(page, own);
  const suffix = `${width}-${language}${scripts ? "" : "-without-scripts"}`;
  return {
    page,
    /** Looks at the page as it is: accessible, not wider than the screen, and kept as a picture, `whole` or its top. */
    async look(name, { whole = true } = {}) {
      await assertFits(page, width, name);
      if (scripts) await assertAccessible(page, name);
      const pictures = path.join(folder, "screenshots");
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${name}-${suffix}.png`), fullPage: whole });
    },
    async close() {
      await context.close();
      assert.deepEqual(faults, [], "a page did what it must not do");
    },
  };
}

function watch(page, own) {
  const faults = [];
  page.on("console", (message) => {
    // The browser itself reports an answer that the page expects, such as a refused password, as an error.
    const expected = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (["error", "warning"].includes(message.type()) && !expected) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && !own.includes(url.origin)) faults.push(`request: ${url.href}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`answer: ${response.status()} ${response.url()}`);
  });
  return faults;
}

async function assertFits(page, width, name) {
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(needed <= width, `${name} is ${needed} px wide on a screen of ${width} px`);
}

async function assertAccessible(page, name) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => 
    globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }),
  );
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html + " " + node.failureSummary).join(" | ")}`,
  );
  assert.deepEqual(found, [], `axe finds fault with ${name}`);
}
