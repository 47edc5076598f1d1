// The transfer that a payer makes alone: the gateway shows where to, the bank's site is the payer's own business.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { confirmTransfer, enterBank, orderTransfer } from "./support/customer.mjs";
import { assertSigned } from "./support/merchant.mjs";
import { PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 90_000 };
const stage = setStage("manual");

async function transferByHand(row, comment, rut, amount) {
  const customer = await stage.customer();
  await enterBank(customer.page, stage.house.demo_bank_url, rut);
  await orderTransfer(customer.page, stage.house.demo_bank_url, {
    number: row.account,
    rut: row.rut,
    holder: row.holder,
    amount,
    comment,
  });
  await confirmTransfer(customer.page);
  await customer.page.locator("body[data-page=receipt]").waitFor();
  await customer.close();
}

/** From the payment's first page to the destination's data. */
async function askForDestination(payer, url, rut) {
  const { page } = payer;
  await page.goto(url);
  await page.locator("#by-hand").click();
  await page.locator("#payer #rut").waitFor();
  await payer.look("manual-form");
  await page.locator("#rut").fill(rut);
  await page.locator("#email").fill("ana@example.com");
  await page.locator("#go-on").click();
  await page.locator("#destination").waitFor();
  await payer.look("manual-destination");
  const text = (id) => page.locator(`#destination #${id}`).innerText();
  return {
    account: await text("account"),
    rut: await text("holder-rut"),
    holder: await text("holder"),
    reference: await text("reference"),
  };
}

for (const [width, scripts] of [
  [WIDTHS.desktop, true],
  [WIDTHS.phone, true],
  [WIDTHS.phone, false],
]) {
  test(`a transfer made by hand settles the payment (${width} px, scripts ${scripts ? "on" : "off"})`, limit, async () => {
    const created = await stage.merchant.create({ amount: 4321 });
    const payer = await stage.payer({ width, scripts });
    const row = await askForDestination(payer, created.payment_url, PAYERS.odd);
    await transferByHand(row, row.reference, PAYERS.odd, "4321");
    await payer.page.locator("#transferred").click();
    await sees(payer.page, "Pago recibido");
    const notice = await stage.merchant.notified(created.payment_id);
    assertSigned(notice, stage.house.secret);
    assert.equal((await stage.merchant.read(created.payment_id)).payment_method, "regular_transfer");
    await payer.close();
  });
}

test("who says to have transferred without having done so waits", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await askForDestination(payer, created.payment_url, PAYERS.even);
  await payer.page.locator("#transferred").click();
  await sees(payer.page, "Esperando su transferencia");
  await payer.look("declared");
  assert.equal((await stage.merchant.read(created.payment_id)).status, "verifying");
  await payer.close();
});

test("a form with mistakes comes back with each of them beside its field", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer({ width: WIDTHS.phone });
  await payer.page.goto(created.transfer_url);
  await payer.page.locator("#rut").fill("11.111.111-2");
  await payer.page.locator("#email").fill("ana");
  await payer.page.locator("#go-on").click();
  await payer.page.locator("#rut-problem").waitFor();
  await payer.page.locator("#email-problem").waitFor();
  assert.equal(await payer.page.locator("#email").inputValue(), "ana");
  await payer.look("manual-problems");
  await payer.close();
});

test("the destination's data can be copied", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await payer.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const row = await askForDestination(payer, created.payment_url, PAYERS.even);
  await payer.page.locator("#destination div", { has: payer.page.locator("#reference") }).locator("button").click();
  assert.equal(await payer.page.evaluate(() => navigator.clipboard.readText()), row.reference);
  await payer.close();
});
