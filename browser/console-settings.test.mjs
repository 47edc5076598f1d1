// The console's home, keys, clients and settlements, walked as a person would.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { confirm, signIn } from "./support/console.mjs";
import { pay, PAYERS, sees } from "./support/payer.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 120_000 };
const stage = setStage("console-settings");
/** A desktop in each language, a phone, and both without scripts. */
const LOOKS = [{}, { width: 360 }, { language: "en" }, { scripts: false }, { width: 360, scripts: false }];
const SECTIONS = { home: "/console", keys: "/console/keys", clients: "/console/clients", settlements: "/console/settlements" };

/** A payment that somebody pays at DemoBank. */
async function paid(fields = {}) {
  const created = await stage.merchant.create(fields);
  const payer = await stage.payer();
  await pay(payer.page, created.payment_url, { rut: PAYERS.even });
  await sees(payer.page, "Pago recibido");
  await payer.close();
  return created.payment_id;
}

function ayni(...command) {
  const { data, program } = stage.house;
  return execFileSync(program, ["--data-dir", data, "--json", ...command], { encoding: "utf8" });
}

test("the home page tells of thirty days", limit, async () => {
  const reader = await signIn(stage);
  await reader.look("console-home-empty");
  assert.equal(await reader.page.locator("#empty").count(), 1);
  await paid({ amount: 4990 });
  await paid({ amount: 12500, confirm_timeout_date: new Date(Date.now() + 20 * 24 * 3600 * 1000).toISOString() });
  ayni("key", "create", "--account", String(stage.house.receiver_id), "--alias", "caja-1");
  await reader.page.goto(`${stage.house.gateway_url}/console`);
  assert.match(await reader.page.locator("[data-figure=volume]").innerText(), /17\.490/);
  assert.equal(await reader.page.locator("[data-figure=success]").innerText(), "100 %");
  assert.equal(await reader.page.locator("svg.plot g").count() >= 3, true);
  for (const table of await reader.page.locator("details.opens summary").all()) await table.click();
  await reader.look("console-home-tables");
  await reader.page.emulateMedia({ colorScheme: "dark" });
  await reader.look("console-home-dark");
  await reader.page.goto(`${stage.house.gateway_url}/console/settlements`);
  await reader.look("console-settlements-dark");
  await reader.close();
});

for (const options of LOOKS) {
  test(`every section can be read: ${JSON.stringify(options)}`, limit, async () => {
    const person = await signIn(stage, options);
    for (const [name, path] of Object.entries(SECTIONS)) {
      await person.page.goto(`${stage.house.gateway_url}${path}`);
      await person.page.locator(`body[data-page=${name}]`).waitFor();
      await person.look(`console-${name}`);
    }
    await person.close();
  });
}

for (const scripts of [true, false]) {
  const way = scripts ? "with scripts" : "without scripts";

  test(`a key is made, copied and ended, ${way}`, limit, async () => {
    const alias = `tienda ${way}`;
    const { page, look, close, password } = await signIn(stage, { scripts });
    await page.getByRole("link", { name: "Llaves" }).first().click();
    await page.getByLabel("Alias").fill(alias);
    await page.getByRole("button", { name: "Crear llave" }).click();
    await page.locator("#step-up").waitFor();
    await look("console-key-step-up");
    await confirm({ page, password });
    const key = await page.locator("#api-key").innerText();
    assert.match(key, /^[0-9a-f-]{36}$/);
    await look("console-key-made");
    const ask = () => fetch(`${stage.house.gateway_url}/v3/banks`, { headers: { "x-api-key": key } });
    assert.equal((await ask()).status, 200);
    await page.locator("#kept").click();
    assert.equal((await page.content()).includes(key), false);
    const row = page.getByRole("row", { name: alias });
    await row.locator("summary").click();
    await look("console-key-end");
    await row.getByRole("button", { name: "Vencer ahora" }).click();
    await page.locator("#flash").waitFor();
    assert.equal((await ask()).status, 401);
    await close();
  });

  test(`a wrong address is told beside its field, ${way}`, limit, async () => {
    const { page, look, close } = await signIn(stage, { scripts, width: 360 });
    await page.goto(`${stage.house.gateway_url}/console/keys`);
    await page.locator("#notify-url").fill("https://10.0.0.7/notificaciones");
    await page.locator("#notify button").click();
    await page.locator("#url-problem").waitFor();
    await look("console-keys-problem");
    await close();
  });

  test(`a client is made and ended, ${way}`, limit, async () => {
    const name = `Cuentas ${way}`;
    const { page, look, close, password } = await signIn(stage, { scripts });
    await page.goto(`${stage.house.gateway_url}/console/clients`);
    await page.getByLabel("Nombre").fill(name);
    await page.locator("#redirects").fill("https://cuentas.example/vuelta");
    await page.getByRole("button", { name: "Crear cliente" }).click();
    await page.locator("#step-up").waitFor();
    await look("console-client-step-up");
    await confirm({ page, password });
    const secret = await page.locator("#client-secret").innerText();
    await look("console-client-made");
    await page.locator("#kept").click();
    assert.equal((await page.content()).includes(secret), false);
    const entry = page.getByRole("article", { name });
    await entry.locator("summary").click();
    await look("console-clients-open");
    await entry.getByRole("button", { name: "Revocar el cliente" }).click();
    await page.locator("#flash").waitFor();
    await page.getByRole("article", { name }).getByText("Revocado").waitFor();
    await close();
  });
}

test("the secret is changed, and a held payment confirmed", limit, async () => {
  const { page, look, close, password } = await signIn(stage);
  await page.goto(`${stage.house.gateway_url}/console/keys`);
  await page.locator("#rotate button").click();
  await page.locator("#step-up").waitFor();
  await look("console-step-up");
  await page.locator("#proof").fill("not the password");
  await page.locator("#step-up button").click();
  await page.locator("#problem").waitFor();
  await look("console-step-up-refused");
  await confirm({ page, password });
  assert.match(await page.locator("#next-secret").innerText(), /^[0-9a-f]{40}$/);
  await look("console-secret-made");
  await page.locator("#kept").click();
  await page.locator("#next-prefix").waitFor();
  await look("console-keys-rotating");
  await page.locator("#finish button").click();
  await page.locator("#flash").waitFor();

  await page.goto(`${stage.house.gateway_url}/console/settlements`);
  await page.locator("#change-account").click();
  await page.locator("#number").fill("12 34");
  await page.locator("#holder").fill("Panadería Sol SpA");
  await page.locator("#identifier").fill("76.086.428-4");
  await page.locator("#payout-account button").click();
  await page.locator("#number-problem").waitFor();
  await look("console-payout-problem");
  await page.locator("#held button").first().click();
  await page.locator("#flash").waitFor();
  await look("console-settlements-confirmed");
  await close();
});
