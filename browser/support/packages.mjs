// The packages lie in Cargo's target folder, where `cargo xtask test` installs them, not beside the tests.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The repository's root. */
export const root = path.resolve(here, "../..");
/** Where packages, screenshots and logs of the browser tests lie. */
export const folder = process.env.AYNI_BROWSER_PACKAGES ?? path.join(root, "target/browser-tests");

const require = createRequire(path.join(folder, "package.json"));

/** Playwright's driver of Chromium. */
export const { chromium } = require("playwright-core");
/** axe-core, as the text that is run inside a page. */
export const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
