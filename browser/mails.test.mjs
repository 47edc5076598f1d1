// Mails as their readers see them, and the page on which reminders are ended.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { letAWeekGoBy, mailOf } from "./support/mails.mjs";
import { pay, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
/** A phone, and the width at which mail programs on desktops show a mail. */
const WIDTHS = [360, 800];
const stage = setStage("mails");

const ASKED = {
  send_email: true,
  send_reminders: true,
  payer_name: "Ana Pagadora Ñuñez",
  subject: "Dos tazas de loza",
  body: "Dos tazas de loza azul\nDespacho a Ñuñoa: https://comercio.example/una-direccion-larga-que-no-cabe-en-un-telefono-angosto",
  expires_date: new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString(),
};

/** The mail in a browser, at both widths, and as a client without CSS shows it, where nothing can break a long word. */
async function show(name, mail) {
  for (const width of WIDTHS) {
    const reader = await stage.payer({ width });
    await reader.page.setContent(mail.html);
    await reader.look(name);
    if (width === Math.max(...WIDTHS)) {
      await reader.page.setContent(mail.html.replace(/ style="[^"]*"/g, ""));
      await reader.look(`${name}-without-css`);
    }
    await reader.close();
  }
}

test("a request, its reminder and the receipt can be read on a phone and on a desktop", limit, async () => {
  const created = await stage.merchant.create({ ...ASKED, payer_email: "ana@ejemplo.example" });
  const request = await mailOf(stage.house, created.payment_id, "request");
  assert.match(request.headers.Subject, /^Solicitud de pago de .*: Dos tazas de loza$/);
  assert.ok(request.html.includes(`href="${created.payment_url}"`) && request.text.includes(created.payment_url));
  await show("mail-request", request);

  letAWeekGoBy(stage.house, created.payment_id);
  const reminder = await mailOf(stage.house, created.payment_id, "reminder-1");
  assert.equal(reminder.headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
  await show("mail-reminder", reminder);

  const payer = await stage.payer();
  await payer.page.setContent(request.html);
  const link = await payer.page.getByRole("link", { name: "Ver y pagar" }).getAttribute("href");
  await pay(payer.page, link, { rut: PAYERS.even });
  await sees(payer.page, "Pago recibido");
  await payer.close();
  const receipt = await mailOf(stage.house, created.payment_id, "receipt");
  assert.match(receipt.headers.Subject, /^Comprobante de su pago a /);
  await show("mail-receipt", receipt);
});

test("a reader ends a merchant's reminders and takes it back, with a keyboard, in both languages", limit, async () => {
  const created = await stage.merchant.create({ ...ASKED, payer_email: "berta@ejemplo.example" });
  letAWeekGoBy(stage.house, created.payment_id);
  const { headers } = await mailOf(stage.house, created.payment_id, "reminder-1");
  const link = headers["List-Unsubscribe"].replace(/[<>]/g, "");
  assert.ok(!link.includes("berta"));
  for (const options of [{}, { width: 360 }, { scripts: false }, { width: 360, language: "en" }]) {
    const reader = await stage.payer(options);
    const { page } = reader;
    const texts = options.language === "en" ? ["You won’t get more", "You will get"] : ["No recibirá más", "Recibirá"];
    await page.goto(link);
    await reader.look("reminders-wanted");
    await page.locator("#stop").focus();
    await page.keyboard.press("Enter");
    await page.locator("#status", { hasText: texts[0] }).waitFor();
    await reader.look("reminders-stopped");
    await page.locator("#resume").click();
    await page.locator("#status", { hasText: texts[1] }).waitFor();
    await reader.look("reminders-resumed");
    await page.locator("#stop").click();
    await page.locator("#status", { hasText: texts[0] }).waitFor();
    await page.locator("#language").click();
    await page.locator("#resume").click();
    await reader.close();
  }
  await fetch(link, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
  letAWeekGoBy(stage.house, created.payment_id);
  const other = await stage.merchant.create({ ...ASKED, payer_email: "carla@ejemplo.example" });
  letAWeekGoBy(stage.house, other.payment_id);
  await mailOf(stage.house, other.payment_id, "reminder-1");
  const unwanted = path.join(stage.house.data, "mails", `${created.payment_id}-reminder-2.eml`);
  assert.ok(!existsSync(unwanted));
});

test("a link that is none says so", limit, async () => {
  const reader = await stage.payer({ width: 360 });
  await reader.page.goto(`${stage.house.gateway_url}/mails/unsubscribe/${"0".repeat(64)}`);
  await reader.look("reminders-unknown");
  assert.equal(await reader.page.locator("form").count(), 0);
  await reader.close();
});
