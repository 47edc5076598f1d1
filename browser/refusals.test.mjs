// Payments that can't be paid, or not by everybody, and what their pages say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { chooseBank, logIn, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const limit = { timeout: 60_000 };
const EXPIRY_MS = 1_500;
const stage = setStage("refusals");

async function open(url, options) {
  const payer = await stage.payer(options);
  await payer.page.goto(url);
  return payer;
}

test("a deleted payment says so and offers nothing to pay with", limit, async () => {
  const created = await stage.merchant.create();
  assert.equal((await stage.merchant.call("DELETE", `/v3/payments/${created.payment_id}`)).status, 200);
  for (const width of Object.values(WIDTHS)) {
    const payer = await open(created.payment_url, { width });
    await sees(payer.page, "Este cobro fue eliminado");
    assert.equal(await payer.page.locator("#go-on").count(), 0);
    await payer.look("deleted");
    await payer.close();
  }
});

test("an expired payment says that it can't be paid, and stays pending", limit, async () => {
  const created = await stage.merchant.create({ expires_date: new Date(Date.now() + EXPIRY_MS).toISOString() });
  const payer = await open(created.payment_url);
  await until("the payment expired", 10 * EXPIRY_MS, async () => {
    await payer.page.reload();
    return (await payer.page.locator("#status").count()) === 1;
  });
  await sees(payer.page, "Este cobro venció");
  await payer.look("expired");
  assert.equal((await stage.merchant.read(created.payment_id)).status, "pending");
  await payer.close();
});

test("a payment that does not exist has a page that says so", limit, async () => {
  const payer = await stage.payer();
  const answer = await payer.page.goto(`${stage.house.gateway_url}/payment/info/zzzzzzzzzzzz`);
  assert.equal(answer.status(), 404);
  assert.equal(await payer.page.locator("body").getAttribute("data-page"), "not-found");
  await payer.look("not-found");
  await payer.close();
});

for (const [link, detail, heading] of [
  ["#reject", "rejected-by-payer", "Cobro rechazado"],
  ["#abuse", "marked-as-abuse", "Cobro denunciado como abuso"],
]) {
  test(`a payer closes the payment as ${detail}, after being asked`, limit, async () => {
    const created = await stage.merchant.create();
    const payer = await open(created.payment_url);
    await payer.page.locator(link).click();
    await payer.page.locator("#confirm").waitFor();
    await payer.look(`ask-${detail}`);
    await payer.page.locator("#confirm").click();
    await sees(payer.page, heading);
    await payer.look(detail);
    const read = await stage.merchant.read(created.payment_id);
    assert.deepEqual([read.status, read.status_detail], ["done", detail]);
    assert.equal(stage.merchant.notices.length, 0);
    await payer.close();
  });
}

test("a payment for one person takes no other", limit, async () => {
  const created = await stage.merchant.create({ fixed_payer_personal_identifier: PAYERS.odd });
  const payer = await open(created.payment_url);
  await chooseBank(payer.page);
  await logIn(payer.page, PAYERS.even);
  await payer.page.getByText("Este cobro solo puede pagarlo la persona que indicó el comercio").waitFor();
  await payer.look("other-person");
  await logIn(payer.page, PAYERS.odd);
  await payer.page.locator("#answer input[type=radio]").first().waitFor();
  await payer.close();
});

test("a payment with a mandatory method offers only that one", limit, async () => {
  const byHand = await stage.merchant.create({ mandatory_payment_method: "regular_transfer" });
  const payer = await open(byHand.payment_url);
  await payer.look("only-by-hand");
  const answer = await payer.page.goto(byHand.simplified_transfer_url);
  assert.ok((await payer.page.locator("#answer").count()) === 0, `no login is asked for (${answer.status()})`);
  await payer.close();

  const simplified = await stage.merchant.create({ mandatory_payment_method: "SIMPLIFIED_TRANSFER" });
  const other = await open(simplified.payment_url);
  assert.equal(await other.page.locator("#by-hand").count(), 0);
  await other.close();
});

test("a payer returns to the shop without paying", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await open(created.payment_url);
  await payer.page.locator("#cancel").click();
  await payer.page.waitForURL(`${stage.merchant.url}/cancel`);
  await payer.close();
});
