// DemoBank's own site, as its customers see it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { confirmTransfer, enterBank, orderTransfer } from "./support/customer.mjs";
import { COORDINATES, PAYERS } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
const stage = setStage("demo-bank");
/** Ana's account in pesos: her RUT's digits in twenty-one places. */
const ANA = { rut: "11.111.111-1", number: "000000000000111111111" };

async function open(path, options) {
  const customer = await stage.customer(options);
  const answer = await customer.page.goto(`${stage.house.demo_bank_url}${path}`);
  return { ...customer, answer };
}

const isOn = (page, name) => page.locator(`body[data-page=${name}]`).waitFor();

for (const width of Object.values(WIDTHS)) {
  test(`a customer transfers and finds it on the statement (${width} px)`, limit, async () => {
    const rut = width === WIDTHS.phone ? "22.222.222-2" : "33.333.333-3";
    const customer = await open("/", { width });
    const { page } = customer;
    await customer.look("bank-home");
    await page.locator("main a[href='/login']").first().click();
    await isOn(page, "login");
    await customer.look("bank-login");
    await enterBank(page, stage.house.demo_bank_url, rut);
    await customer.look("bank-accounts");

    await page.goto(`${stage.house.demo_bank_url}/transfer`);
    await customer.look("bank-transfer");
    await orderTransfer(page, stage.house.demo_bank_url, { ...ANA, amount: "2500", comment: "Almuerzo del lunes" });
    await isOn(page, "coordinates");
    await customer.look("bank-coordinates");
    await confirmTransfer(page);
    await isOn(page, "receipt");
    await customer.look("bank-receipt");
    const operation = await page.locator("[data-name=operation]").innerText();

    await page.locator("main a[href='/accounts']").click();
    await page.locator("tr[data-currency=CLP] a").click();
    await isOn(page, "statement");
    await customer.look("bank-statement");
    const newest = page.locator("tr[data-movement]").first();
    assert.equal(await newest.locator("[data-name=operation]").innerText(), operation);
    assert.match(await newest.innerText(), /Almuerzo del lunes/);

    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
    assert.match(readFileSync(await download.path(), "utf8"), new RegExp(operation));

    await page.locator("form[action='/logout'] button").click();
    await page.goto(`${stage.house.demo_bank_url}/accounts`);
    await isOn(page, "login");
    await customer.close();
  });
}

test("a wrong password is refused with a message and is not shown", limit, async () => {
  const customer = await open("/login");
  const { page } = customer;
  await page.getByLabel("RUT").fill(PAYERS.even);
  await page.getByLabel("Clave").fill("9876");
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.locator("main button[type=submit]").click(),
  ]);
  assert.equal(answer.status(), 401);
  await page.locator("[data-problem]").waitFor();
  await customer.look("bank-login-refused");
  assert.ok(!(await page.content()).includes("9876"));
  await customer.close();
});

test("a transfer form with mistakes comes back with each of them and all that was typed", limit, async () => {
  const customer = await open("/login");
  const { page } = customer;
  await enterBank(page, stage.house.demo_bank_url, PAYERS.even);
  await orderTransfer(page, stage.house.demo_bank_url, {
    number: "12",
    rut: "11.111.111-2",
    amount: "mucho",
    comment: "Arriendo",
  });
  await isOn(page, "transfer");
  for (const field of ["rut", "amount"]) await page.locator(`#${field}-problem`).waitFor();
  assert.equal(await page.locator("#comment").inputValue(), "Arriendo");
  await customer.look("bank-transfer-problems");
  await customer.close();
});

for (const [outcome, coordinates] of [
  ["refused", COORDINATES.refused],
  ["refused", "10 20 30"],
  ["unclear", COORDINATES.unclear],
]) {
  test(`the coordinates ${coordinates} end as ${outcome}, and the money stays`, limit, async () => {
    const customer = await open("/login");
    const { page } = customer;
    await enterBank(page, stage.house.demo_bank_url, PAYERS.even);
    const balance = () => page.locator("tr[data-currency=CLP] data").getAttribute("value");
    const before = await balance();
    await orderTransfer(page, stage.house.demo_bank_url, { ...ANA, amount: "700" });
    await confirmTransfer(page, coordinates);
    await isOn(page, outcome);
    await customer.look(`bank-${outcome}`);
    await page.goto(`${stage.house.demo_bank_url}/accounts`);
    assert.equal(await balance(), before);
    await customer.close();
  });
}

test("a form without the page's token is not accepted", limit, async () => {
  const customer = await open("/login");
  const { request } = customer.page.context();
  const answer = await request.post(`${stage.house.demo_bank_url}/login`, {
    form: { rut: PAYERS.even, password: "1234" },
    maxRedirects: 0,
  });
  assert.equal(answer.status(), 403);
  await customer.close();
});
