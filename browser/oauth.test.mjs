// The authorization server with a certified client library and a real browser: everything that a program of today does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPayer, WIDTHS } from "./support/browser.mjs";
import { consent, discover, jose, oauth, openCallback, PERSON, request, SCOPE } from "./support/relying.mjs";
import { setStage } from "./support/stage.mjs";

const limit = { timeout: 60_000 };
const stage = setStage("oauth");
let callback;
before(async () => (callback = await openCallback()));
after(() => callback?.close());

const person = (options) => openPayer(stage.engine, [stage.house.gateway_url, callback.url], options);

async function win(visitor, config, address, checks, options) {
  const answered = callback.answered();
  await consent(visitor.page, address, options);
  return oauth.authorizationCodeGrant(config, await answered, checks);
}

test("client credentials: discovery, a token, what it says, and its end", limit, async () => {
  for (const authentication of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
    const config = await discover(stage.house, authentication);
    const tokens = await oauth.clientCredentialsGrant(config, { scope: SCOPE });
    assert.equal(tokens.scope, SCOPE);
    assert.equal(tokens.expires_in, 3600);
    const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
    const { payload } = await jose.jwtVerify(tokens.access_token, keys, {
      issuer: stage.house.gateway_url,
      audience: stage.house.gateway_url,
      typ: "at+jwt",
      algorithms: ["ES256"],
    });
    assert.equal(payload.client_id, stage.house.oauth_client_id);
    assert.equal((await oauth.tokenIntrospection(config, tokens.access_token)).active, true);
    await oauth.tokenRevocation(config, tokens.access_token);
    assert.equal((await oauth.tokenIntrospection(config, tokens.access_token)).active, false);
  }
});

test("authorization code with PKCE: a person consents, the data is read, the token is refreshed and given up", limit, async () => {
  const config = await discover(stage.house, oauth.ClientSecretBasic);
  const visitor = await person();
  const { parameters, checks } = await request(callback);
  const look = (name) => visitor.look(`oauth-${name}`);
  const tokens = await win(visitor, config, oauth.buildAuthorizationUrl(config, parameters), checks, { look });
  assert.equal(tokens.scope, SCOPE);
  const accounts = await serviceAccounts(tokens.access_token);
  assert.equal(accounts.Data.ServiceAccount[0].CompanyName, "Entel PCS Movil");

  const fresh = await oauth.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(fresh.refresh_token, tokens.refresh_token);
  await oauth.tokenRevocation(config, fresh.refresh_token);
  assert.equal((await oauth.tokenIntrospection(config, fresh.access_token)).active, false);
  await assert.rejects(oauth.refreshTokenGrant(config, fresh.refresh_token), { error: "invalid_grant" });
  assert.equal((await serviceAccounts(fresh.access_token)).Error.Code, "A000");
  await visitor.close();
});

test("a pushed request, on a phone, in English", limit, async () => {
  const config = await discover(stage.house, oauth.ClientSecretPost);
  const visitor = await person({ width: WIDTHS.phone, language: "en" });
  const { parameters, checks } = await request(callback);
  const address = await oauth.buildAuthorizationUrlWithPAR(config, parameters);
  assert.ok(!address.href.includes(parameters.state), "the browser carries only the request's name");
  const tokens = await win(visitor, config, address, checks, { look: (name) => visitor.look(`oauth-${name}`) });
  assert.ok(tokens.refresh_token);
  await visitor.close();
});

test("a person who refuses, without scripts", limit, async () => {
  const config = await discover(stage.house, oauth.ClientSecretBasic);
  const visitor = await person({ scripts: false, width: WIDTHS.phone });
  const { parameters, checks } = await request(callback);
  const look = (name) => visitor.look(`oauth-${name}`);
  const refused = win(visitor, config, oauth.buildAuthorizationUrl(config, parameters), checks, { look, refuses: true });
  await assert.rejects(refused, { error: "access_denied" });
  await visitor.close();
});

test("what was consented to is seen and withdrawn after a fresh login", limit, async () => {
  const config = await discover(stage.house, oauth.ClientSecretBasic);
  const visitor = await person({ width: WIDTHS.phone });
  const { parameters, checks } = await request(callback);
  const tokens = await win(visitor, config, oauth.buildAuthorizationUrl(config, parameters), checks);
  const { page } = visitor;
  await page.goto(`${stage.house.gateway_url}/consents`);
  await visitor.look("consents-begin");
  await page.locator(`#institution-${SCOPE}`).check();
  await page.locator("#go-on").click();
  await page.locator("#Username").fill(PERSON.username);
  await page.locator("#Password").fill("otra-clave");
  await page.locator("#go-on").click();
  await page.locator("#problems").waitFor();
  await visitor.look("consents-refused-login");
  await page.locator("#Username").fill(PERSON.username);
  await page.locator("#Password").fill(PERSON.password);
  await page.locator("#go-on").click();
  await page.locator("#withdraw-1").waitFor();
  await visitor.look("consents-own");
  await page.locator("#withdraw-1").click();
  await page.locator("[role=status]").first().waitFor();
  await visitor.look("consents-withdrawn");
  assert.equal((await oauth.tokenIntrospection(config, tokens.access_token)).active, false);
  await visitor.close();
});

test("a widget's window tells its public token to the page that opened it", limit, async () => {
  const { Data } = await call("/link/token/create", { InstitutionId: SCOPE });
  const visitor = await person();
  const { page } = visitor;
  await page.goto(`${callback.url}/shop`);
  const opened = page.waitForEvent("popup");
  const told = page.evaluate(
    (address) =>
      new Promise((done) => {
        addEventListener("message", ({ data }) => done(data));
        open(address, "_blank", "popup");
      }),
    `${stage.house.gateway_url}/link/${Data.LinkToken}`,
  );
  const popup = await opened;
  await popup.locator("#Username").fill(PERSON.username);
  await popup.locator("#Password").fill(PERSON.password);
  await popup.locator("#go-on").click();
  await popup.locator("#consent").click();
  const { type, PublicToken } = await told;
  assert.equal(type, "ayni-link");
  const exchanged = await call("/public/token/exchange", { PublicToken });
  assert.equal((await serviceAccounts(exchanged.Data.AccessToken)).Status, "OK");
  await visitor.close();
});

async function serviceAccounts(token) {
  const answer = await fetch(`${stage.house.gateway_url}/v1/com/services/servipag.com/service-accounts`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ RequestData: {} }),
  });
  return answer.json();
}

async function call(path, body) {
  const answer = await fetch(`${stage.house.gateway_url}${path}`, {
    method: "POST",
    headers: { "x-api-key": stage.house.api_key, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}
