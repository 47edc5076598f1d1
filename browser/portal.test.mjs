// The bill portal's own site, as people see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTHS } from "./support/browser.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
const stage = setStage("portal");
const PASSWORD = "wxyz1234!@#$";
/** A person with four pages of services, one with none, one with a second factor, one whose account is blocked. */
const PERSONS = { many: "10.000.030-K", none: "10.000.010-5", code: "10.001.030-5", blocked: "10.001.020-8" };

async function open(path, options) {
  const person = await stage.person(options);
  await person.page.goto(`${stage.house.portal_url}${path}`);
  return person;
}

const isOn = (page, name) => page.locator(`body[data-page=${name}]`).waitFor();

async function ask(page, label, identifier) {
  await page.getByLabel(label).fill(identifier);
  await page.locator("main button[type=submit]").click();
}

async function logIn(page, rut, password = PASSWORD) {
  await page.goto(`${stage.house.portal_url}/ingresar`);
  await page.getByLabel("RUT").fill(rut);
  await page.getByLabel("Clave").fill(password);
  await page.locator("main button[type=submit]").click();
}

for (const width of Object.values(WIDTHS)) {
  for (const scripts of [true, false]) {
    test(`a person finds a company and what is owed (${width} px, scripts: ${scripts})`, limit, async () => {
      const person = await open("/", { width, scripts });
      const { page } = person;
      await person.look("portal-home");
      await page.getByRole("link", { name: "Agua", exact: false }).first().click();
      await isOn(page, "category");
      await person.look("portal-category");
      await page.getByRole("link", { name: "Aguas Andinas" }).click();
      await isOn(page, "consult");
      await person.look("portal-consult");
      await ask(page, "Número de cuenta", "12");
      await page.locator("#error").waitFor();
      await person.look("portal-consult-refused");
      await ask(page, "Número de cuenta", "25252525");
      await isOn(page, "debt");
      await person.look("portal-debt");
      assert.match(await page.locator("#tabla-deuda tr.cuenta").innerText(), /31\/05\/2025\s+(Monto\s+)?\$15\.340/);
      await page.locator("main a").first().click();
      await ask(page, "Número de cuenta", "90000010");
      await isOn(page, "no-debt");
      await person.look("portal-no-debt");
      await person.close();
    });
  }

  test(`a person pages through the registered services and leaves (${width} px)`, limit, async () => {
    const person = await open("/ingresar", { width });
    const { page } = person;
    await person.look("portal-login");
    await logIn(page, PERSONS.blocked);
    await page.locator("#error").waitFor();
    await person.look("portal-login-refused");
    await logIn(page, PERSONS.many);
    await isOn(page, "services");
    await person.look("portal-services");
    const seen = [await page.locator("tr.servicio").count()];
    for (const next of [2, 3, 4]) {
      await page.locator("a[rel=next]").click();
      await page.getByText(`Página ${next} de 4`).waitFor();
      seen.push(await page.locator("tr.servicio").count());
    }
    assert.deepEqual(seen, [10, 10, 10, 5]);
    await page.getByRole("button", { name: "Salir" }).click();
    await isOn(page, "login");
    await logIn(page, PERSONS.none);
    await page.locator("#sin-servicios").waitFor();
    await person.close();
  });

  test(`a device that is remembered is asked for no code (${width} px)`, limit, async () => {
    const person = await open("/", { width });
    const { page } = person;
    await logIn(page, PERSONS.code);
    await isOn(page, "code");
    await person.look("portal-code");
    await page.getByLabel("Código").fill("123456");
    await page.getByLabel("Recordar").check();
    await page.locator("main button[type=submit]").click();
    await isOn(page, "services");
    await page.getByRole("button", { name: "Salir" }).click();
    await logIn(page, PERSONS.code);
    await isOn(page, "services");
    await person.close();
  });

  test(`the page of cases can be read (${width} px)`, limit, async () => {
    const person = await open("/pruebas", { width });
    await person.look("portal-cases");
    await person.close();
  });
}

test("where a script draws the page, a browser shows the same bills", limit, async () => {
  const person = await open("/pagar/aguas-andinas");
  const { page } = person;
  const shown = async () => {
    await ask(page, "Número de cuenta", "90000030");
    await page.locator("#cargando").waitFor({ state: "detached" });
    const cells = await page.locator("tr.cuenta td").allInnerTexts();
    return [...cells, await page.locator("#total").innerText()];
  };
  const plain = await shown();
  assert.equal(plain.length, 10);
  await page.goto(`${stage.house.portal_url}/app/pagar/aguas-andinas`);
  assert.deepEqual(await shown(), plain);
  await person.look("portal-scripted");
  await person.close();
});
