// A program that asks people through the authorization server, made with a client library that is not ours.
import { createServer } from "node:http";
import { webcrypto } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { folder } from "./packages.mjs";

// Node.js 18 has the Web Crypto API, but not by this name.
globalThis.crypto ??= webcrypto;

const module = (name) => import(pathToFileURL(path.join(folder, "node_modules", name)).href);

/** openid-client, a certified library. */
export const oauth = await module("openid-client/build/index.js");
/** jose, which checks tokens as a resource server would. */
export const jose = await module("jose/dist/webapi/index.js");

/** A user of Servipag's portal. */
export const PERSON = { username: "11.111.111-1", password: "wxyz1234!@#$" };
export const SCOPE = "com_services_servipag";

/** Listens where the library's user is sent back to; `answered` waits for that and gives the address. */
export async function openCallback() {
  let resolve;
  let answered = new Promise((done) => (resolve = done));
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end('<!doctype html><html lang="es"><title>App</title><link rel="icon" href="data:,"><h1>App</h1></html>');
    if (request.url.startsWith("/callback")) resolve(new URL(request.url, url));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    redirectUri: `${url}/callback`,
    answered: async () => {
      const address = await answered;
      answered = new Promise((done) => (resolve = done));
      return address;
    },
    close: () => {
      server.closeAllConnections?.();
      return new Promise((done) => server.close(done));
    },
  };
}

/** Finds the server by its metadata and presents the house's own client. */
export function discover(house, authentication) {
  return oauth.discovery(
    new URL(house.gateway_url),
    house.oauth_client_id,
    undefined,
    authentication(house.oauth_client_secret),
    { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] },
  );
}

/** The parameters of an authorization request, and the proof that goes with them. */
export async function request(callback) {
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const parameters = {
    redirect_uri: callback.redirectUri,
    scope: SCOPE,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  return { parameters, checks: { pkceCodeVerifier: verifier, expectedState: state } };
}

/** What a person does on the pages, up to the way back; `look` is called on each page. */
export async function consent(page, address, { look = () => {}, refuses = false } = {}) {
  await page.goto(address.href);
  await page.locator("#Username").waitFor();
  await look("login");
  await page.locator("#Username").fill(PERSON.username);
  await page.locator("#Password").fill(PERSON.password);
  await page.locator("#go-on").click();
  await page.locator("#consent").waitFor();
  await look("consent");
  await page.locator(refuses ? "#refuse" : "#consent").click();
  await page.locator("#return").waitFor();
  await look(refuses ? "refused" : "consented");
  await page.locator("#return").click();
}
