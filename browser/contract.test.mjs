// A contract is read and accepted before the money may move, with and without scripts; the receipt names it, and the page
// behind the receipt's QR says what became of the payment.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { chooseAccount, chooseBank, giveCoordinates, logIn, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 90_000 };
const DOCUMENT = Buffer.from("%PDF-1.4\n% Contrato de prueba\n");
const DIGEST = createHash("sha256").update(DOCUMENT).digest("hex");
const stage = setStage("contract");
let opened;

/** The server that has the document, once the account may have contracts accepted. */
function lawyer() {
  opened ??= new Promise((done) => {
    const { program, data, receiver_id: account } = stage.house;
    const privileges = "refunds,wallet,confirm,contracts";
    execFileSync(program, ["merchant", "grant", String(account), privileges, "--data-dir", data]);
    const server = createServer((request, response) => response.end(DOCUMENT));
    server.listen(0, "127.0.0.1", () => done(server));
  });
  return opened;
}
after(async () => (await opened)?.close());

const create = async () =>
  stage.merchant.create({
    subject: "Arriendo de mayo",
    contract_url: `http://127.0.0.1:${(await lawyer()).address().port}/Contrato%20de%20arriendo.pdf`,
    fixed_payer_personal_identifier: PAYERS.even,
  });

/** The document behind the open page's link, as the browser saves it. */
async function download(page) {
  const [saved] = await Promise.all([page.waitForEvent("download"), page.locator("#contract-open").click()]);
  return readFileSync(await saved.path());
}

const ways = [
  { width: WIDTHS.desktop, language: "es", scripts: true },
  { width: WIDTHS.phone, language: "en", scripts: true },
  { width: WIDTHS.phone, language: "es", scripts: false },
];
const texts = {
  es: { done: "Pago recibido", problem: "Para pagar debe leer el documento y aceptarlo.", verified: "El pago se recibió" },
  en: { done: "Payment received", problem: "To pay you must read the document and accept it.", verified: "The payment was received" },
};

for (const way of ways) {
  const name = `${way.width} px, ${way.language}, scripts ${way.scripts ? "on" : "off"}`;
  test(`a payer reads the contract, accepts it and pays (${name})`, limit, async () => {
    const created = await create();
    const payer = await stage.payer(way);
    const { page } = payer;
    await page.goto(created.payment_url);
    assert.equal(await page.locator("#contract-name").innerText(), "Contrato de arriendo.pdf");
    assert.equal(await page.locator("#contract-sha256").innerText(), DIGEST);
    await payer.look("contract-info");
    assert.deepEqual(await download(page), DOCUMENT);
    await chooseBank(page);
    await logIn(page);
    await page.locator("#answer input[type=radio]").first().waitFor();
    await chooseAccount(page);
    await payer.look("contract-coordinates");
    // A browser that does not hold the form back is told by the gateway.
    await page.locator("#answer").evaluate((form) => form.setAttribute("novalidate", ""));
    await giveCoordinates(page);
    await page.locator("#problems").waitFor();
    assert.match(await page.locator("#problems").innerText(), new RegExp(texts[way.language].problem));
    await payer.look("contract-not-accepted");
    assert.equal((await stage.merchant.read(created.payment_id)).status, "pending");
    await page.locator("#contract").check();
    await giveCoordinates(page);
    await sees(page, texts[way.language].done);

    const paid = await stage.merchant.read(created.payment_id);
    const receipt = await fetch(paid.receipt_url);
    assert.equal(receipt.headers.get("content-type"), "application/pdf");
    await page.locator("#receipt").waitFor();
    await payer.look("contract-done");
    await page.goto(paid.receipt_url.replace(/[^/]*$/, "verify"));
    await sees(page, texts[way.language].verified);
    assert.equal(await page.locator("#contract-sha256").innerText(), DIGEST);
    assert.match(await page.locator("#contract-by").innerText(), new RegExp(PAYERS.even));
    await payer.look("receipt-verified");
    await payer.close();
  });
}

test("where to transfer is shown to who accepted the contract", limit, async () => {
  const created = await create();
  const payer = await stage.payer({ width: WIDTHS.phone });
  const { page } = payer;
  await page.goto(created.transfer_url);
  await page.locator("#rut").fill(PAYERS.even);
  await page.locator("#email").fill("ana@example.com");
  await page.locator("#go-on").click();
  await page.locator("#problems a[href='#contract']").waitFor();
  await payer.look("contract-manual");
  await page.locator("#contract").check();
  await page.locator("#go-on").click();
  await page.locator("#destination").waitFor();
  await payer.close();
});

test("a receipt that the gateway did not issue is called so", limit, async () => {
  const created = await stage.merchant.create();
  const anybody = await stage.payer({ width: WIDTHS.phone });
  const forged = `${stage.house.gateway_url}/payment/receipt/${created.payment_id}-${"0".repeat(32)}/verify`;
  await anybody.page.goto(forged);
  await sees(anybody.page, "No conocemos este comprobante");
  await anybody.look("receipt-unknown");
  await anybody.close();
});
