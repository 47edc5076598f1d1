import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_MS = 5 * 60 * 1000;

/** Whether this header signs exactly these bytes, and did so a moment ago. */
export function isGenuine(header, rawBody, secret, nowMs = Date.now()) {
  const [, t, s] = /^t=(\d+),s=([A-Za-z0-9+/]+=*)$/.exec(header) ?? [];
  if (!t || Math.abs(nowMs - Number(t)) > TOLERANCE_MS) return false;
  const expected = createHmac("sha256", secret).update(`${t}.`).update(rawBody).digest();
  const given = Buffer.from(s, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
