// A merchant: creates payments with the API key and runs the server that gets the signed notifications.
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { until } from "./until.mjs";

const NOTICE_MS = 15_000;
const STATUS_MS = 15_000;
const CLOCK_SKEW_MS = 60_000;

/** Opens the merchant's server; `shop` is the page that payers return to. */
export async function openMerchant(house) {
  const notices = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method === "POST") {
      notices.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
    } else {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!doctype html><html lang="es"><title>Tienda</title><h1>Tienda</h1><p>${request.url}</p></html>`);
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    notices,
    call: (method, path, body) => call(house, method, path, body),
    create: (fields = {}) => create(house, url, fields),
    read: async (id) => (await call(house, "GET", `/v3/payments/${id}`)).body,
    hasStatus: (id, status) =>
      until(`${id} is ${status}`, STATUS_MS, async () => {
        const payment = (await call(house, "GET", `/v3/payments/${id}`)).body;
        return payment.status === status && payment;
      }),
    notified: (id) =>
      until(`the notification of ${id} is there`, NOTICE_MS, () =>
        notices.find(({ body }) => JSON.parse(body.toString("utf8")).payment_id === id),
      ),
    close: () => {
      server.closeAllConnections?.();
      return new Promise((done) => server.close(done));
    },
  };
}

/** Fails unless the notification was signed with the account's secret, just now. */
export function assertSigned(notice, secret) {
  const header = notice.headers["x-khipu-signature"];
  assert.match(header, /^t=\d+,s=[A-Za-z0-9+/]+=*$/);
  const [t, s] = header.split(/,s=/);
  const time = t.slice(2);
  const expected = createHmac("sha256", secret).update(`${time}.`).update(notice.body).digest();
  assert.ok(timingSafeEqual(expected, Buffer.from(s, "base64")), "the signature is of another body or secret");
  assert.ok(Math.abs(Date.now() - Number(time)) < CLOCK_SKEW_MS, "the signature is an old one");
}

async function create(house, shop, fields) {
  const answer = await call(house, "POST", "/v3/payments", {
    amount: 1000,
    currency: "CLP",
    subject: "Cobro de prueba",
    notify_url: `${shop}/notify`,
    return_url: `${shop}/return`,
    cancel_url: `${shop}/cancel`,
    ...fields,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

async function call(house, method, path, body) {
  const answer = await fetch(`${house.gateway_url}${path}`, {
    method,
    headers: { "x-api-key": house.api_key, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
