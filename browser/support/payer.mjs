// What a payer does, step by step, on the payment's pages.
import assert from "node:assert/strict";

/** DemoBank, as the gateway knows it. */
export const DEMO_BANK = "Bawdf";
/** Anybody with a valid RUT is a customer of DemoBank; what it does without a clear answer hangs on the check digit. */
export const PAYERS = { odd: "55.555.555-5", even: "44.444.444-4" };
export const PASSWORD = "1234";
export const COORDINATES = { right: "11 22 33", refused: "99 99 99", unclear: "66 66 66" };

/** From the payment's first page to the bank's login. */
export async function chooseBank(page) {
  await page.locator(`#bank-${DEMO_BANK}`).check();
  await page.locator("#go-on").click();
  await page.locator("#answer input[type=password]").waitFor();
}

/** The bank's login; what comes next is the bank's business. */
export async function logIn(page, rut = PAYERS.even, password = PASSWORD) {
  await page.locator("#answer input[autocomplete=username]").fill(rut);
  await page.locator("#answer input[type=password]").fill(password);
  await page.locator("#go-on").click();
}

/** The choice of the account, the first one. */
export async function chooseAccount(page) {
  await page.locator("#answer input[type=radio]").first().check();
  await page.locator("#go-on").click();
  await page.locator("#answer input[inputmode=numeric]").first().waitFor();
}

/** The matrix card, after which the transfer is made. */
export async function giveCoordinates(page, coordinates = COORDINATES.right) {
  const fields = page.locator("#answer input[inputmode=numeric]");
  const values = coordinates.split(" ");
  assert.equal(await fields.count(), values.length);
  for (const [index, value] of values.entries()) await fields.nth(index).fill(value);
  await page.locator("#go-on").click();
}

/** From the payment's address to the transfer; `look` is called on each page. */
export async function pay(page, url, { rut, coordinates, look = () => {} } = {}) {
  await page.goto(url);
  await look("info");
  await chooseBank(page);
  await look("login");
  await logIn(page, rut);
  await page.locator("#answer input[type=radio]").first().waitFor();
  await look("account");
  await chooseAccount(page);
  await look("coordinates");
  await giveCoordinates(page, coordinates);
}

/** Waits for a result, which a page without scripts sees by reloading itself. */
export async function sees(page, heading) {
  await page.locator("#status", { hasText: heading }).waitFor();
}
