// People of the console: who they are, and how they sign in.
import { execFileSync } from "node:child_process";
import { openPayer } from "./browser.mjs";

/** The password of everybody but the developer account's owner, who has the one in dev.json. */
export const PASSWORD = "una clave bien larga";

/**
 * Opens a browser of its own in which somebody of this role is signed in, on the console's first page. It looks at pages
 * as a payer's browser does; `options` are those of `openPayer`.
 */
export async function signIn(stage, { role = "owner", email, ...options } = {}) {
  const visitor = await openPayer(stage.engine, [stage.house.gateway_url], options);
  const who = role === "owner" && !email ? owner(stage) : await invited(stage, role, email, visitor.page);
  await visitor.page.goto(`${stage.house.gateway_url}/console/sign-in`);
  await fillIn(visitor.page, who);
  await visitor.page.locator("body[data-page=home]").waitFor();
  return { ...visitor, ...who };
}

/** Sends the sign-in's form. */
export async function fillIn(page, { email, password }) {
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(password);
  await page.locator("#sign-in button[type=submit]").click();
}

/** Shows again with the password who somebody is, where a page asks for that. */
export async function confirm({ page, password }) {
  await page.locator("#proof").fill(password);
  await page.locator("#step-up button[type=submit]").click();
}

/** The owner that `ayni dev` made. */
export function owner(stage) {
  return { email: stage.house.console_email, password: stage.house.console_password };
}

/** Invites somebody with the command line and sets the password by the link. */
export async function invited(stage, role, email = `${role}@example.com`, page) {
  const { data, program, receiver_id } = stage.house;
  const command = ["--data-dir", data, "--json", "merchant", "user", "invite", String(receiver_id), email];
  const { url } = JSON.parse(execFileSync(program, [...command, "--role", role], { encoding: "utf8" }));
  await page.goto(url);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#again").fill(PASSWORD);
  await page.locator("#new-password button[type=submit]").click();
  await page.locator("body[data-page=sign-in]").waitFor();
  return { email, password: PASSWORD };
}
