import { readFileSync } from "node:fs";

const { isGenuine } = await import(`${process.argv[2]}/verify.mjs`);
for (const line of readFileSync(0, "utf8").trimEnd().split("\n")) {
  const [header, secret, nowMs, body] = line.split("\t");
  console.log(isGenuine(header, Buffer.from(body, "base64"), secret, Number(nowMs)));
}
