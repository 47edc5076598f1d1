// What a payer sees when the bank refuses, gives no clear answer, or does not know the payer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseBank, COORDINATES, logIn, pay, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
const stage = setStage("outcomes");

test("a refused transfer leaves the payment pending, and it can be tried again", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url, { coordinates: COORDINATES.refused });
  await sees(payer.page, "La transferencia no se hizo");
  await payer.look("failed");
  assert.equal((await stage.merchant.read(created.payment_id)).status, "pending");
  assert.equal(stage.merchant.notices.length, 0);

  await payer.page.locator("#try-again").click();
  await pay(payer.page, created.payment_url);
  await sees(payer.page, "Pago recibido");
  await stage.merchant.notified(created.payment_id);
  await payer.close();
});

test("without a clear answer the money that came settles the payment", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url, { rut: PAYERS.odd, coordinates: COORDINATES.unclear });
  await sees(payer.page, "Pago recibido");
  await stage.merchant.notified(created.payment_id);
  await payer.close();
});

test("without a clear answer and without money the payment waits and asks nobody to pay again", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url, { rut: PAYERS.even, coordinates: COORDINATES.unclear });
  await sees(payer.page, "Su banco no respondió con claridad");
  await payer.look("uncertain");
  assert.equal((await stage.merchant.read(created.payment_id)).status, "verifying");
  const refused = await stage.merchant.call("DELETE", `/v3/payments/${created.payment_id}`);
  assert.equal(refused.status, 400);

  await payer.page.goto(created.payment_url);
  assert.equal(await payer.page.locator("#go-on").count(), 0, "nobody begins another attempt meanwhile");
  await payer.close();
});

test("a wrong password is asked for again, with the reason", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await payer.page.goto(created.payment_url);
  await chooseBank(payer.page);
  await logIn(payer.page, PAYERS.even, "4321");
  await payer.page.locator("#problems").waitFor();
  await payer.look("login-refused");
  assert.match(await payer.page.locator("#problems").innerText(), /no reconoció ese RUT con esa clave/);
  assert.ok(!(await payer.page.content()).includes("4321"), "a password is never shown again");
  await logIn(payer.page);
  await payer.page.locator("#answer input[type=radio]").first().waitFor();
  await payer.close();
});

test("an attempt that its payer leaves can be begun anew", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await payer.page.goto(created.payment_url);
  await chooseBank(payer.page);
  await payer.page.locator("#leave").click();
  await sees(payer.page, "Dejó el intento de pago");
  await payer.look("left");
  await pay(payer.page, created.payment_url);
  await sees(payer.page, "Pago recibido");
  await payer.close();
});
