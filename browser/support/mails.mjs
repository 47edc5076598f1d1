// The mails of a house that puts them into a folder, read by Python's own MIME parser.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { until } from "./until.mjs";

const COMES_MS = 15_000;

const READ = `
import email, email.policy, json, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
body = lambda kind: message.get_body((kind,)).get_content()
print(json.dumps({"headers": {k: str(v) for k, v in message.items()}, "html": body("html"), "text": body("plain")}))
`;

const HURRY = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as base:
    base.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'reminder' AND key = ?", (sys.argv[2],))
`;

/** Waits for a payment's mail of this kind, and reads it: headers, html, text. */
export async function mailOf(house, id, kind) {
  const file = path.join(house.data, "mails", `${id}-${kind}.eml`);
  await until(`${kind} of ${id} is there`, COMES_MS, async () => existsSync(file));
  return JSON.parse(execFileSync("python3", ["-c", READ, file], { encoding: "utf8" }));
}

/** Waits for a mail to this address with this subject, and reads it. */
export async function mailTo(house, address, subject) {
  const folder = path.join(house.data, "mails");
  let found;
  await until(`«${subject}» for ${address} is there`, COMES_MS, async () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".eml")) : [];
    const mails = files.map((name) => JSON.parse(execFileSync("python3", ["-c", READ, path.join(folder, name)], { encoding: "utf8" })));
    found = mails.find(({ headers }) => headers.To.includes(address) && headers.Subject === subject);
    return found !== undefined;
  });
  return found;
}

/** A week goes by for a payment's reminder: it is due now. */
export function letAWeekGoBy(house, id) {
  execFileSync("python3", ["-c", HURRY, path.join(house.data, "ayni.db"), id]);
}
