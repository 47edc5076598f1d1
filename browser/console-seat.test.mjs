// Signing in to the console as people do: password, second factor, recovery code, sessions, roles, people, audit log.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { openPayer, WIDTHS } from "./support/browser.mjs";
import { confirm, fillIn, invited, owner, PASSWORD, signIn } from "./support/console.mjs";
import { mailTo } from "./support/mails.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 120_000 };
const STEP_MS = 30_000;
const stage = setStage("console-seat");
const open = (options) => openPayer(stage.engine, [stage.house.gateway_url], options);
const at = (page, name) => page.locator(`body[data-page=${name}]`).waitFor();
const go = (page, path) => page.goto(`${stage.house.gateway_url}${path}`);

test("a person signs in, is told what is wrong, and signs out; on desktop and phone, with scripts and without", limit, async () => {
  for (const options of [{}, { width: WIDTHS.phone }, { language: "en" }, { scripts: false, width: WIDTHS.phone }]) {
    const { page, look, close } = await open(options);
    await go(page, "/console/people");
    await at(page, "sign-in");
    await look("console-sign-in");
    await fillIn(page, { ...owner(stage), password: "not the password" });
    await page.locator("#problem").waitFor();
    await look("console-sign-in-refused");
    await fillIn(page, owner(stage));
    await at(page, "people");
    await look("console-people");
    if (options.width) {
      await page.locator("details.menu summary").click();
      await look("console-menu");
    }
    await page.locator("form[action='/console/sign-out'] button:visible").click();
    await at(page, "sign-in");
    await close();
  }
});

test("every page of the seat fits, is accessible and speaks both languages", limit, async () => {
  for (const options of [{}, { width: WIDTHS.phone, scripts: false }, { language: "en", width: WIDTHS.phone }]) {
    const { page, look, close } = await signIn(stage, options);
    for (const [path, name] of [["", "home"], ["/people", "people"], ["/audit", "audit"], ["/security", "security"], ["/nothing", "not-found"]]) {
      await go(page, `/console${path}`);
      await at(page, name);
      await look(`console-${name}`);
    }
    await close();
  }
});

test("a second factor is set up, asked for, and replaced by a recovery code", limit, async () => {
  const { page, look, close, email } = await signIn(stage, { role: "owner", email: "factor@example.com" });
  await go(page, "/console/security");
  await page.locator("#offer-current").fill(PASSWORD);
  await page.locator("#offer button[type=submit]").click();
  await at(page, "second-factor");
  await look("console-second-factor");
  const secret = await page.locator("#typed").textContent();
  let used = codeOf(secret);
  await page.locator("#code").fill(used);
  await page.locator("#turn-on button[type=submit]").click();
  await at(page, "recovery-codes");
  await look("console-recovery-codes");
  const [recovery] = await page.locator("#codes code").allTextContents();
  await close();

  for (const options of [{}, { width: WIDTHS.phone, scripts: false }]) {
    const again = await open(options);
    await go(again.page, "/console/sign-in");
    await fillIn(again.page, { email, password: PASSWORD });
    await at(again.page, "code");
    await again.look("console-code");
    await again.page.locator("#code").fill(options.width ? recovery : nextCode(secret, used));
    await again.page.locator("#give-code button[type=submit]").click();
    await at(again.page, "home");
    if (options.width) {
      await go(again.page, "/console/security");
      assert.match(await again.page.locator("#codes-left").textContent(), /9/);
      await again.look("console-security-with-factor");
    }
    await again.close();
  }
});

test("who forgot the password chooses a new one by a link that is mailed", limit, async () => {
  const looks = [{}, { width: WIDTHS.phone, scripts: false }, { language: "en", width: WIDTHS.phone }];
  for (const [number, options] of looks.entries()) {
    const { page, look, close } = await open(options);
    const { email } = await invited(stage, "read-only", `forgot-${number}@example.com`, page);
    await page.locator("#forgotten").click();
    await at(page, "forgotten");
    await look("console-forgotten");
    await page.locator("#email").fill(email);
    await page.locator("#forgotten button[type=submit]").click();
    await at(page, "forgotten-asked");
    await look("console-forgotten-asked");
    const { text } = await mailTo(stage.house, email, options.language === "en" ? "Choose a new password" : "Elija una contraseña nueva");
    await page.goto(text.match(/http\S+\/console\/password\/\w+/)[0]);
    await at(page, "new-password");
    await look("console-new-password");
    await page.locator("#password").fill("otra clave bien larga");
    await page.locator("#again").fill("otra clave bien larga");
    await page.locator("#new-password button[type=submit]").click();
    await at(page, "sign-in");
    await fillIn(page, { email, password: "otra clave bien larga" });
    await at(page, "home");
    await close();
  }
});

test("an invitation that nobody used is shown, sent again and cancelled", limit, async () => {
  for (const options of [{}, { width: WIDTHS.phone, scripts: false }, { language: "en" }]) {
    const { page, look, close } = await signIn(stage, options);
    await go(page, "/console/people");
    await page.locator("#email").fill("nueva@example.com");
    await page.locator("#add-person button[type=submit]").click();
    const row = page.locator("tr", { hasText: "nueva@example.com" });
    await row.locator("time").first().waitFor();
    await look("console-people-invited");
    await row.locator("form[action='/console/people/invite'] button").click();
    await page.locator("#flash.bad").waitFor();
    await row.locator("form[action='/console/people/remove'] button").click();
    await page.locator("#flash.good").waitFor();
    assert.equal(await row.count(), 0);
    await look("console-people-cancelled");
    await close();
  }
});

test("a person ends the session of another browser", limit, async () => {
  const here = await signIn(stage, { role: "collector" });
  const there = await open();
  await go(there.page, "/console/sign-in");
  await fillIn(there.page, { email: here.email, password: PASSWORD });
  await at(there.page, "home");
  await go(here.page, "/console/security");
  await here.look("console-sessions");
  await here.page.locator("#end-others button").click();
  await here.page.locator("#flash").waitFor();
  await there.page.reload();
  await at(there.page, "sign-in");
  await there.close();
  await here.close();
});

test("roles see what is theirs, and an owner changes them", limit, async () => {
  const collector = await signIn(stage, { role: "collector", email: "ana@example.com" });
  await go(collector.page, "/console/audit");
  await at(collector.page, "forbidden");
  await collector.look("console-forbidden");
  const boss = await signIn(stage);
  await go(boss.page, "/console/people");
  const row = boss.page.locator("tr", { hasText: "ana@example.com" });
  await row.locator("select").selectOption("owner");
  await row.getByRole("button", { name: "Cambiar rol" }).click();
  await confirm(boss);
  await boss.page.locator("#flash").waitFor();
  await boss.look("console-people-changed");
  await go(collector.page, "/console/audit");
  await at(collector.page, "audit");
  await collector.page.locator("#action").selectOption("user.set");
  await collector.page.locator("#filters button").click();
  await collector.page.getByText("ana@example.com owner").first().waitFor();
  await collector.look("console-audit-narrowed");
  await boss.close();
  await collector.close();
});

test("too many wrong passwords are answered with how long to wait", limit, async () => {
  const { page, look, close } = await open();
  const { email } = await invited(stage, "read-only", "luis@example.com", page);
  for (let tries = 0; tries < 6; tries += 1) {
    await fillIn(page, { email, password: `wrong password ${tries}` });
    await page.locator("#problem").waitFor();
  }
  assert.match(await page.locator("#problem").textContent(), /Espere \d+ minutos/);
  await look("console-locked");
  await close();
});

/** A code that is good now or in a moment, and is not the one that was used. */
function nextCode(secret, used) {
  const now = codeOf(secret);
  return now === used ? codeOf(secret, 1) : now;
}

/** RFC 6238, written here again so that it is not our own that checks itself. */
function codeOf(secret, later = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + later));
  const tag = createHmac("sha1", key).update(counter).digest();
  const word = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}
