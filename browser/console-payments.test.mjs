// The merchant looks for payments at the console: finds one, reads its life, takes the list away as a file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { signIn } from "./support/console.mjs";
import { pay } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const limit = { timeout: 120_000 };
const FOUND_MS = 30_000;
const stage = setStage("console-payments");

for (const [width, scripts] of [
  [WIDTHS.desktop, true],
  [WIDTHS.phone, true],
  [WIDTHS.phone, false],
  [WIDTHS.desktop, false],
]) {
  const way = `at ${width} px ${scripts ? "with" : "without"} scripts`;
  const mark = `m${width}${scripts ? "s" : "p"}`;

  test(`a merchant finds a payment, reads its life and exports the list, ${way}`, limit, async () => {
    const { payment_id: id } = await stage.merchant.create({
      amount: 15340,
      subject: `Arriendo de marzo, departamento en Ñuñoa ${mark}`,
      transaction_id: `ORD-${mark}`,
      payer_name: "Begoña Pérez",
      payer_email: `${mark}@example.com`,
    });
    for (let number = 0; number < 30; number += 1) {
      await stage.merchant.create({ subject: `Cuota ${number} ${mark}` });
    }
    const { page, look, close } = await signIn(stage, { width, scripts });
    await page.goto(`${stage.house.gateway_url}/console/payments`);
    await look("console-payments");
    const rows = page.locator("#payments tbody tr");
    assert.equal(await rows.count(), 25);
    await page.locator("#older").click();
    await page.locator("#newer").waitFor();
    assert.ok((await rows.count()) > 0);

    // What was made a moment ago is found a moment later.
    await until("the payment is found", FOUND_MS, async () => {
      await page.goto(`${stage.house.gateway_url}/console/payments`);
      await page.locator("#q").fill(`nunoa $15.340 ${mark}@example.com`);
      await page.locator("#find-payments button[type=submit]").first().click();
      await page.locator("#payments").waitFor();
      return (await rows.count()) === 1;
    });
    assert.ok(!page.url().includes("example.com"), "an address stands in the URL");
    await look("console-payments-found");

    await page.locator("#payments tbody a").click();
    await page.locator("body[data-page=payment]").waitFor();
    assert.ok(page.url().endsWith(id));
    await look("console-payment");

    await page.goto(`${stage.house.gateway_url}/console/payments?q=nadie&state=deleted`);
    await page.locator(".nothing").waitFor();
    await look("console-payments-none");

    await page.goto(`${stage.house.gateway_url}/console/payments`);
    await page.locator("form[action$=exports] button").click();
    await page.locator("body[data-page=payment-exports]").waitFor();
    await until("the file is there", FOUND_MS, async () => {
      await page.goto(`${stage.house.gateway_url}/console/payments/exports`);
      return (await page.locator(".exports a").count()) > 0;
    });
    await look("console-exports");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".exports a").first().click()]);
    const file = readFileSync(await download.path(), "utf8");
    assert.match(file, new RegExp(`${id},.*15340,CLP,"Arriendo de marzo, departamento en Ñuñoa ${mark}",ORD-${mark},`));
    await close();
  });
}

test("a paid payment's page tells its life in English too", limit, async () => {
  const created = await stage.merchant.create({ subject: "Paid at DemoBank" });
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url);
  await stage.merchant.notified(created.payment_id);
  await payer.close();
  for (const width of [WIDTHS.desktop, WIDTHS.phone]) {
    const { page, look, close } = await signIn(stage, { language: "en", width });
    await page.goto(`${stage.house.gateway_url}/console/payments/${created.payment_id}?lang=en`);
    await look("console-payment-paid");
    assert.match(await page.locator("#timeline").innerText(), /The payment is paid/);
    assert.match(await page.locator("#timeline").innerText(), /HTTP 200/);
    await close();
  }
});
