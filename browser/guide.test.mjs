// The guide: every page of both languages, on a desktop and a phone, with scripts and without, and every link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPayer, WIDTHS } from "./support/browser.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 180_000 };
const stage = setStage("guide");
const LANGUAGES = { es: "Guía de Ayni", en: "The Ayni guide" };

const open = (options) => openPayer(stage.engine, [stage.house.gateway_url], options);
const address = (language, page = "") => `${stage.house.gateway_url}/docs/guide/${language}/${page}`;

/** The addresses of a language's pages, in the order of the contents. */
async function pagesOf(page, language) {
  await page.goto(address(language));
  const links = await page.locator(".contents ul a").evaluateAll((all) => all.map((link) => link.href));
  assert.ok(links.length > 5, `${language} has ${links.length} pages`);
  return links;
}

for (const language of Object.keys(LANGUAGES)) {
  for (const width of Object.values(WIDTHS)) {
    for (const scripts of [true, false]) {
      test(`${language}, ${width} px, ${scripts ? "with" : "without"} scripts: each page fits and is accessible`, limit, async () => {
        const reader = await open({ width, scripts, language });
        for (const link of await pagesOf(reader.page, language)) {
          await reader.page.goto(link);
          assert.match(await reader.page.title(), new RegExp(`${LANGUAGES[language]}$`));
          assert.equal(await reader.page.locator("h1").count(), 1, link);
          const name = link.split("/").at(-1).replace(".html", "");
          // The help of all commands is a hundred screens long.
          await reader.look(`guide-${name}`, { whole: name !== "commands" });
        }
        await reader.close();
      });
    }
  }
}

test("a reader is sent to their own language and changes it on any page without losing the place", limit, async () => {
  for (const [language, other, name] of [["es", "en", "English"], ["en", "es", "Español"]]) {
    const reader = await open({ language });
    await reader.page.goto(`${stage.house.gateway_url}/docs/guide`);
    assert.equal(reader.page.url(), address(language));
    await reader.page.goto(address(language, "testing.html"));
    await reader.page.getByRole("link", { name, exact: true }).click();
    await reader.page.waitForURL(address(other, "testing.html"));
    await reader.close();
  }
});

test("no link of the guide leads nowhere", limit, async () => {
  const reader = await open();
  const seen = new Map();
  for (const language of Object.keys(LANGUAGES)) {
    for (const link of await pagesOf(reader.page, language)) {
      await reader.page.goto(link);
      const found = await reader.page.locator("a").evaluateAll((all) => all.map((one) => one.href));
      for (const target of found.filter((one) => one.startsWith(stage.house.gateway_url))) seen.set(target.split("#")[0], link);
    }
  }
  for (const [target, from] of seen) {
    const answer = await fetch(target);
    assert.equal(answer.status, 200, `${from} links to ${target}`);
  }
  await reader.close();
});

test("a word is searched for and its place found, with or without accents", limit, async () => {
  for (const width of Object.values(WIDTHS)) {
    const reader = await open({ width });
    await reader.page.goto(address("es"));
    if (width === WIDTHS.phone) await reader.page.locator(".contents summary").click();
    await reader.page.getByRole("searchbox", { name: "Buscar en la guía" }).fill("produccion nodos");
    const found = reader.page.locator("#find li a").first();
    await found.waitFor();
    assert.match(await reader.page.getByRole("status").textContent(), /Resultados: \d+/);
    await reader.look("guide-search");
    await found.click();
    await reader.page.waitForURL(/production\.html/);
    await reader.page.goto(address("es"));
    await reader.close();
  }
});

test("a command is copied with one press", limit, async () => {
  const reader = await open();
  await reader.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reader.page.goto(address("es", "first-payment.html"));
  await reader.page.getByRole("button", { name: "Copiar" }).nth(1).click();
  await reader.page.getByRole("button", { name: "Copiado" }).waitFor();
  assert.equal((await reader.page.evaluate(() => navigator.clipboard.readText())).trim(), "ayni dev");
  await reader.close();
});
