// The whole payment in a browser: from the payment's address to the merchant's signed notification.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { assertSigned } from "./support/merchant.mjs";
import { pay, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 90_000 };
const stage = setStage("payment");

const ways = [
  { width: WIDTHS.desktop, language: "es", scripts: true },
  { width: WIDTHS.phone, language: "en", scripts: true },
  { width: WIDTHS.desktop, language: "en", scripts: false },
  { width: WIDTHS.phone, language: "es", scripts: false },
];
const texts = {
  es: { done: "Pago recibido", title: "Elija cómo pagar" },
  en: { done: "Payment received", title: "Choose how to pay" },
};

for (const way of ways) {
  const name = `${way.width} px, ${way.language}, scripts ${way.scripts ? "on" : "off"}`;
  test(`a payer pays and the merchant is told (${name})`, limit, async () => {
    const created = await stage.merchant.create({ subject: "Zapatillas", body: "Talla 42\nColor azul" });
    const payer = await stage.payer(way);
    const { page } = payer;
    await pay(page, created.payment_url, {
      look: async (step) => {
        assert.equal(await page.locator("html").getAttribute("lang"), way.language === "es" ? "es" : "en");
        if (step === "info") assert.equal(await page.locator("h1").innerText(), texts[way.language].title);
        await payer.look(step);
      },
    });
    await sees(page, texts[way.language].done);
    await payer.look("done");

    const notice = await stage.merchant.notified(created.payment_id);
    assertSigned(notice, stage.house.secret);
    const said = JSON.parse(notice.body);
    assert.equal(said.amount, "1000.0000");
    assert.equal(said.subject, "Zapatillas");
    assert.equal(said.receiver_id, stage.house.receiver_id);
    const read = await stage.merchant.hasStatus(created.payment_id, "done");
    assert.equal(read.status_detail, "normal");
    assert.equal(read.payment_method, "simplified_transfer");

    await page.locator("#return").click();
    await page.waitForURL(`${stage.merchant.url}/return`);
    await payer.close();
  });
}

test("the payment's first page becomes its result without being loaded again", limit, async () => {
  const created = await stage.merchant.create();
  const watcher = await stage.payer();
  await watcher.page.goto(created.payment_url);
  await watcher.page.evaluate(() => (globalThis.stayed = true));
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url);
  await sees(watcher.page, texts.es.done);
  assert.equal(await watcher.page.evaluate(() => globalThis.stayed), true);
  await watcher.look("done-live");
  await payer.close();
  await watcher.close();
});

test("a payer changes the language on the page", limit, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  await payer.page.goto(created.payment_url);
  await payer.page.locator("#language").click();
  await payer.page.locator("html[lang=en]").waitFor();
  assert.equal(await payer.page.locator("h1").innerText(), texts.en.title);
  await payer.close();
});

test("what a merchant writes is shown as it was written, and is never run", limit, async () => {
  const subject = '<img src="x" onerror="document.title=1"> & "comillas"';
  const created = await stage.merchant.create({ subject, body: "<script>document.title = 2</script>" });
  const payer = await stage.payer({ width: WIDTHS.phone });
  await payer.page.goto(created.payment_url);
  assert.equal(await payer.page.locator("#subject").innerText(), subject);
  assert.equal(await payer.page.locator("#body").innerText(), "<script>document.title = 2</script>");
  await payer.look("info-markup");
  await payer.close();
});

test("a payment in UF shows the pesos that are transferred", limit, async () => {
  const created = await stage.merchant.create({ currency: "CLF", amount: "0.5" });
  const payer = await stage.payer();
  await payer.page.goto(created.payment_url);
  await payer.look("info-uf");
  assert.match(await payer.page.locator("#pesos").innerText(), /\$\d/);
  await pay(payer.page, created.payment_url);
  await sees(payer.page, texts.es.done);
  const notice = await stage.merchant.notified(created.payment_id);
  assert.equal(JSON.parse(notice.body).amount, "0.5000");
  await payer.close();
});
