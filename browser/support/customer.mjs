// What a customer does on DemoBank's own site.
import { COORDINATES, PASSWORD } from "./payer.mjs";

/** Logs in and stands before the accounts. */
export async function enterBank(page, bankUrl, rut) {
  await page.goto(`${bankUrl}/login`);
  await page.getByLabel("RUT").fill(rut);
  await page.getByLabel("Clave").fill(PASSWORD);
  await page.locator("main button[type=submit]").click();
  await page.locator("body[data-page=accounts]").waitFor();
}

/** Fills the transfer form and stands before the coordinates. */
export async function orderTransfer(page, bankUrl, { number, rut, amount, holder = "", email = "", comment = "" }) {
  await page.goto(`${bankUrl}/transfer`);
  for (const [name, value] of Object.entries({ number, rut, amount, holder, email, comment })) {
    await page.locator(`#${name}`).fill(value);
  }
  await page.locator("main button[type=submit]").click();
}

/** Gives the coordinates, in the order that they are asked for. */
export async function confirmTransfer(page, coordinates = COORDINATES.right) {
  await page.locator("body[data-page=coordinates]").waitFor();
  for (const [index, value] of coordinates.split(" ").entries()) {
    await page.locator(`#coordinate_${index + 1}`).fill(value);
  }
  await page.locator("main button[type=submit]").click();
}
