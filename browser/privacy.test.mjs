// An attempt belongs to the browser that began it; everybody else sees what anybody may see.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseAccount, chooseBank, giveCoordinates, logIn, pay, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
const EMAIL = "ana.pagadora@example.com";
/** DemoBank's account of the payer: the RUT's digits in twenty-one places. */
const ACCOUNT = "444444444";
const stage = setStage("privacy");

const pagesOf = (payment) => [
  payment.payment_url,
  payment.simplified_transfer_url,
  payment.transfer_url,
  payment.payment_url.replace("/info/", "/end/"),
];

async function assertNothingPrivate(page, urls) {
  for (const url of urls) {
    await page.goto(url);
    const source = await page.content();
    for (const secret of [EMAIL, ACCOUNT, PAYERS.even, "Ana Pagadora"]) {
      assert.ok(!source.includes(secret), `${new URL(url).pathname} shows ${secret}`);
    }
    assert.equal(await page.locator("#answer input[inputmode=numeric]").count(), 0, "no prompt of another's attempt");
  }
}

test("a second browser sees only what is public, during the attempt and after it", limit, async () => {
  const created = await stage.merchant.create({ payer_email: EMAIL, payer_name: "Ana Pagadora" });
  const first = await stage.payer();
  await first.page.goto(created.payment_url);
  await chooseBank(first.page);
  await logIn(first.page);
  await chooseAccount(first.page);

  const second = await stage.payer();
  await assertNothingPrivate(second.page, pagesOf(created));
  await giveCoordinates(first.page);
  await sees(first.page, "Pago recibido");
  await assertNothingPrivate(second.page, pagesOf(created));
  await first.close();
  await second.close();
});

test("another browser can't answer for the one that began", limit, async () => {
  const created = await stage.merchant.create();
  const first = await stage.payer();
  await first.page.goto(created.payment_url);
  await chooseBank(first.page);
  await logIn(first.page);
  await chooseAccount(first.page);
  const form = await first.page.locator("#answer").evaluate((element) => ({
    action: element.action,
    fields: Object.fromEntries(new FormData(element)),
  }));

  const second = await stage.payer();
  await second.page.goto(created.payment_url);
  const own = await second.page.locator("input[name=csrf]").first().inputValue();
  for (const csrf of [own, form.fields.csrf, ""]) {
    const fields = { ...form.fields, coordinate_1: "11", coordinate_2: "22", coordinate_3: "33", csrf };
    const answer = await second.page.context().request.post(form.action, { form: fields, maxRedirects: 0 });
    assert.ok([400, 403, 404, 409].includes(answer.status()), `answered with ${answer.status()}`);
  }
  assert.equal((await stage.merchant.read(created.payment_id)).status, "pending");
  await giveCoordinates(first.page);
  await sees(first.page, "Pago recibido");
  await first.close();
  await second.close();
});

test("two tabs of one browser that authorise together move the money once", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await payer.page.goto(created.payment_url);
  await chooseBank(payer.page);
  await logIn(payer.page);
  await chooseAccount(payer.page);
  const form = await payer.page.locator("#answer").evaluate((element) => ({
    action: element.action,
    fields: Object.fromEntries(new FormData(element)),
  }));
  const fields = { ...form.fields, coordinate_1: "11", coordinate_2: "22", coordinate_3: "33" };
  const { request } = payer.page.context();
  await Promise.all([1, 2, 3].map(() => request.post(form.action, { form: fields })));
  await stage.merchant.notified(created.payment_id);
  await stage.merchant.hasStatus(created.payment_id, "done");
  const notices = stage.merchant.notices.filter(({ body }) => JSON.parse(body).payment_id === created.payment_id);
  assert.equal(notices.length, 1);
  await payer.close();
});

test("cookies are out of scripts' reach and the policy allows no inline code", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  const answer = await payer.page.goto(created.payment_url);
  const headers = answer.headers();
  const policy = headers["content-security-policy"];
  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.ok(headers["referrer-policy"], "an address with a payment in it is not told to others");
  for (const cookie of await payer.page.context().cookies()) {
    assert.ok(cookie.httpOnly, `${cookie.name} is HttpOnly`);
    assert.ok(["Lax", "Strict"].includes(cookie.sameSite), `${cookie.name} is SameSite`);
  }
  await pay(payer.page, created.payment_url);
  await sees(payer.page, "Pago recibido");
  assert.equal(await payer.page.evaluate(() => document.cookie), "");
  await payer.close();
});
