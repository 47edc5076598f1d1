// What people of an account do in the console: make a payment, give money back, send a notification again, decide about
// money that waits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { signIn } from "./support/console.mjs";
import { assertSigned } from "./support/merchant.mjs";
import { pay, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const limit = { timeout: 240_000 };
const SEEN_MS = 60_000;
const stage = setStage("console-acts");

for (const { name, options } of [
  { name: "on a desktop", options: {} },
  { name: "on a phone without scripts", options: { width: WIDTHS.phone, scripts: false } },
  { name: "on a phone in English", options: { width: WIDTHS.phone, language: "en" } },
]) {
  test(`an owner makes a payment, gives a part back and sends its notification again, ${name}`, limit, async () => {
    const owner = await signIn(stage, options);
    const { page } = owner;
    const at = (path) => page.goto(`${stage.house.gateway_url}${path}`);
    await at("/console/payments/new");
    await owner.look("payment-new");
    await page.locator("#create").click();
    await page.locator("#amount-problem").waitFor();
    await owner.look("payment-new-refused");
    await page.locator("#amount").fill("1.500");
    await page.locator("#subject").fill("Pan de masa madre");
    await page.locator("#notify_url").fill(`${stage.merchant.url}/notify`);
    await page.locator("#create").click();
    await page.waitForURL(/\/console\/payments\/[a-z0-9]{12}$/);
    const id = page.url().split("/").at(-1);
    assert.equal((await stage.merchant.read(id)).amount, "1500.0000");

    const payer = await stage.payer();
    await pay(payer.page, `${stage.house.gateway_url}/payment/info/${id}`);
    await until("the money was seen", SEEN_MS, async () => (await stage.merchant.read(id)).status === "done");
    await at(`/console/payments/${id}/refund`);
    await owner.look("payment-refund");
    await page.locator("#how-part").check();
    await page.locator("#amount").fill("500");
    await page.locator("#confirm").click();
    await page.waitForURL(/\/console\/payments\/[a-z0-9]{12}$/);
    await at(`/console/payments/${id}/refund`);
    await page.locator("#given-back").waitFor();
    await owner.look("payment-refunded");
    await payer.page.goto(`${stage.house.gateway_url}/payment/info/${id}`);
    await sees(payer.page, "parte");
    await payer.page.locator("#given-back").waitFor();
    await payer.look("given-back");
    await payer.close();

    await at("/console/deliveries");
    await owner.look("deliveries");
    await page.locator(".list a").first().click();
    await page.locator("#resend").waitFor();
    await owner.look("delivery");
    await page.locator("#resend").click();
    await page.locator("#flash").waitFor();
    await at("/console/deliveries/mails");
    await owner.look("delivery-mails");
    await at("/console/deliveries/failed");
    await owner.look("failed-jobs");
    await owner.close();
  });
}

test("money without a sign is given to its payment by a person", limit, async () => {
  const created = await stage.merchant.create({ amount: 777 });
  transfer(777);
  const owner = await signIn(stage);
  const phone = await signIn(stage, { width: WIDTHS.phone, scripts: false });
  await until("the movement waits", SEEN_MS, async () => {
    await owner.page.goto(`${stage.house.gateway_url}/console/review`);
    return (await owner.page.locator(".list a").count()) > 0;
  });
  await owner.look("review");
  await owner.page.locator(".list a").first().click();
  await owner.page.locator("#candidates").waitFor();
  await owner.look("movement");
  await phone.page.goto(owner.page.url());
  await phone.look("movement");
  await phone.page.locator("#candidates button").first().click();
  await phone.page.locator("#flash").waitFor();
  await phone.look("movement-assigned");
  assert.equal((await stage.merchant.read(created.payment_id)).status, "done");
  await owner.close();
  await phone.close();
});

test("a payment is deleted after a question", limit, async () => {
  const created = await stage.merchant.create();
  const owner = await signIn(stage, { width: WIDTHS.phone });
  await owner.page.goto(`${stage.house.gateway_url}/console/payments/${created.payment_id}/cancel`);
  await owner.look("payment-cancel");
  await owner.page.locator("#confirm").click();
  await owner.page.waitForURL(/\/console\/payments\/[a-z0-9]{12}$/);
  assert.equal((await stage.merchant.read(created.payment_id)).status, "deleted");
  await owner.close();
});

/** Somebody transfers so many pesos to the account's bank account, and writes nothing that names a payment. */
function transfer(pesos) {
  const { data, program, receiver_id } = stage.house;
  const run = (...words) =>
    JSON.parse(execFileSync(program, ["--data-dir", data, "--json", ...words], { encoding: "utf8" }));
  const { collecting_accounts } = run("account", "list", "--account", String(receiver_id));
  const { number } = collecting_accounts.find(({ currency }) => currency === "CLP");
  run("sandbox", "transfer", "--to", number, "--amount", String(pesos), "--comment", "hola");
}

test("a test notification really arrives, and its answer is shown", limit, async () => {
  for (const options of [{}, { width: 360, scripts: false }, { language: "en" }]) {
    const { page, look, close } = await signIn(stage, options);
    const before = stage.merchant.notices.length;
    await page.goto(`${stage.house.gateway_url}/console/deliveries`);
    await page.locator("#try-one").click();
    await page.locator("#trial-url").fill(`${stage.merchant.url}/notify`);
    await look("deliveries-trial");
    await page.locator("#trial button").click();
    await page.locator("body[data-page=delivery]").waitFor();
    await until("the test arrived", 15_000, () => stage.merchant.notices.length > before);
    const notice = stage.merchant.notices.at(-1);
    assertSigned(notice, stage.house.secret);
    const body = JSON.parse(notice.body.toString("utf8"));
    assert.deepEqual([body.test, body.payment_id], [true, undefined]);
    await until("its answer is shown", 15_000, async () => {
      await page.reload();
      return (await page.getByText("HTTP 200").count()) === 1;
    });
    await look("delivery-trial");
    await close();
  }
});
