// A merchant makes a payment link, prints its QR, and a payer who opens the address pays a free amount at DemoBank; with
// and without scripts, on a desktop and on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { signIn } from "./support/console.mjs";
import { pay, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 120_000 };
const stage = setStage("console-links");

const ways = [
  { width: WIDTHS.desktop, language: "es", scripts: true },
  { width: WIDTHS.phone, language: "en", scripts: true },
  { width: WIDTHS.phone, language: "es", scripts: false },
];
const texts = {
  es: { paid: "Pago recibido", least: "El monto mínimo es $1.000.", state: "Pagado", off: "no está disponible" },
  en: { paid: "Payment received", least: "The least you can pay is $1,000.", state: "Paid", off: "is not available" },
};

for (const way of ways) {
  const name = `${way.width} px, ${way.language}, scripts ${way.scripts ? "on" : "off"}`;
  const said = texts[way.language];

  test(`a link is made, printed, paid with a free amount and switched off (${name})`, limit, async () => {
    const merchant = await signIn(stage, way);
    const { page } = merchant;
    await page.goto(`${stage.house.gateway_url}/console/links`);
    await merchant.look("console-links");
    await page.locator("#new-link").click();
    await page.locator("#minimum_amount").fill(way.language === "es" ? "1.000" : "1,000");
    await page.locator("#body").fill("Para el paseo de fin de año.");
    await page.locator("label[for=asks_payer_email]").click();
    await page.locator("#save").click();
    await page.locator("#problems").waitFor();
    await merchant.look("console-links-problem");
    await page.locator("#subject").fill(`Aporte ${name}`);
    await page.locator("#save").click();
    await page.locator("body[data-page=link]").waitFor();
    await merchant.look("console-link");
    const url = await page.locator("#url").getAttribute("href");
    for (const size of ["a4", "a6"]) {
      await page.locator(`#print-${size}`).click();
      await page.locator(`body.${size} svg`).waitFor();
      await merchant.look(`console-link-print-${size}`);
      await page.goBack();
    }

    const payer = await stage.payer(way);
    await payer.page.goto(url);
    await payer.look("payment-link");
    await payer.page.locator("#amount").fill("999");
    await payer.page.locator("#go-on").click();
    await payer.page.locator("#amount-problem", { hasText: said.least }).waitFor();
    await payer.look("payment-link-problem");
    await payer.page.locator("#amount").fill("$ 12500");
    await payer.page.locator("#email").fill("ana@ejemplo.example");
    await payer.page.locator("#go-on").click();
    await payer.page.locator("body[data-page=info]").waitFor();
    await pay(payer.page, payer.page.url());
    await sees(payer.page, said.paid);
    await payer.close();

    await page.reload();
    await page.locator("#uses tbody tr", { hasText: said.state }).waitFor();
    await merchant.look("console-link-used");
    await page.locator("#edit").click();
    assert.equal(await page.locator("#minimum_amount").inputValue(), "1000");
    await merchant.look("console-link-edit");
    await page.locator("#save").click();
    await page.locator("#flash").waitFor();
    await page.locator("#switch-off").click();
    await page.locator("#switch-on").waitFor();
    await merchant.close();

    const late = await stage.payer(way);
    await late.page.goto(url);
    await late.page.locator("h1", { hasText: said.off }).waitFor();
    await late.look("payment-link-inactive");
    await late.close();
  });
}
