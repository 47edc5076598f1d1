// An owner looks for a person, takes the file with their data and erases them: as the person asked who pays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { confirm, signIn } from "./support/console.mjs";
import { setStage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const limit = { timeout: 180_000 };
const DONE_MS = 30_000;
const stage = setStage("console-privacy");

for (const [width, scripts, language] of [
  [WIDTHS.desktop, true, "es"],
  [WIDTHS.phone, true, "es"],
  [WIDTHS.phone, false, "es"],
  [WIDTHS.desktop, false, "en"],
]) {
  const way = `at ${width} px ${scripts ? "with" : "without"} scripts in ${language}`;
  const email = `ana.${width}${scripts ? "s" : "p"}@example.com`;

  test(`a person is looked for, told and erased, ${way}`, limit, async () => {
    const { payment_id: id } = await stage.merchant.create({ subject: `Para ${email}`, payer_email: email });
    const { page, look, close, password } = await signIn(stage, { width, scripts, language });
    const isOn = (name) => page.locator(`body[data-page=${name}]`).waitFor();
    await page.goto(`${stage.house.gateway_url}/console/privacy?lang=${language}`);
    await isOn("privacy");
    await look("console-privacy");
    await page.locator("#look button").click();
    await page.locator("#problem").waitFor();
    await look("console-privacy-problem");

    await page.locator("#email").fill(email);
    await page.locator("#look button").click();
    await isOn("privacy-case");
    await page.locator("#counts").waitFor({ timeout: DONE_MS });
    assert.ok(!page.url().includes("example.com"), "an address stands in the URL");
    await look("console-privacy-found");

    await page.locator("#prepare button").click();
    await page.locator("#download").waitFor({ timeout: DONE_MS });
    await look("console-privacy-written");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
    const told = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(told.payments[0].payment.payment_id, id);

    await page.locator("#erase button").click();
    await isOn("step-up");
    await look("console-privacy-erase");
    await confirm({ page, password: "no es esta clave" });
    await page.locator("#problem").waitFor();
    await confirm({ page, password });
    await page.locator("#erased").waitFor({ timeout: DONE_MS });
    await look("console-privacy-erased");
    await until("the payment names nobody", DONE_MS, async () => {
      await page.goto(`${stage.house.gateway_url}/console/payments/${id}`);
      return !(await page.locator("main").innerText()).includes(email);
    });

    await page.goto(`${stage.house.gateway_url}/console/privacy`);
    await page.locator("#email").fill(email);
    await page.locator("#look button").click();
    await page.locator("#nothing").waitFor({ timeout: DONE_MS });
    await look("console-privacy-nothing");
    await close();
  });
}
