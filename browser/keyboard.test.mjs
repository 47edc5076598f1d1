// A payment without a mouse: every step can be reached, is seen to have the focus, and can be done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const STEPS_MAX = 40;
const stage = setStage("keyboard");

/** Presses Tab until the wanted element has the focus; whatever has it on the way must show it. */
async function tabTo(page, selector) {
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const ringed = style.outlineStyle !== "none" || style.boxShadow !== "none";
      // A choice's own control may be drawn by its label.
      const label = element.closest("label");
      const labelled = label && getComputedStyle(label).outlineStyle !== "none";
      return { there: element.matches(wanted), shown: ringed || labelled, html: element.outerHTML.slice(0, 120) };
    }, selector);
    assert.ok(focus.shown, `the focus can't be seen on ${focus.html}`);
    if (focus.there) return;
  }
  throw new Error(`${selector} can't be reached with ${STEPS_MAX} presses of Tab`);
}

test("a payer without a mouse pays", { timeout: 60_000 }, async () => {
  const created = await stage.merchant.create();
  const payer = await stage.payer();
  const { page } = payer;
  const { keyboard } = page;
  await page.goto(created.payment_url);

  await keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches("a[href='#main']")), "first comes the skip link");
  await tabTo(page, "input[name=bank]");
  await keyboard.press("Space");
  await tabTo(page, "#go-on");
  await keyboard.press("Enter");

  await page.locator("#answer input[type=password]").waitFor();
  await tabTo(page, "input[autocomplete=username]");
  await keyboard.type(PAYERS.even);
  await tabTo(page, "input[type=password]");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");

  await page.locator("#answer input[type=radio]").first().waitFor();
  await tabTo(page, "#answer input[type=radio]");
  await keyboard.press("Space");
  await tabTo(page, "#go-on");
  await keyboard.press("Enter");

  await page.locator("#answer input[inputmode=numeric]").first().waitFor();
  for (const [index, value] of ["11", "22", "33"].entries()) {
    const name = await page.locator("#answer input[inputmode=numeric]").nth(index).getAttribute("name");
    await tabTo(page, `input[name="${name}"]`);
    await keyboard.type(value);
  }
  await tabTo(page, "#go-on");
  await keyboard.press("Enter");
  await sees(page, "Pago recibido");
  await tabTo(page, "#return");
  await payer.close();
});
