// A real `ayni dev`: the gateway and DemoBank, in a process and a data directory of their own.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { until } from "./until.mjs";
import { folder, root } from "./packages.mjs";

const START_MS = 30_000;
const STOP_MS = 15_000;
const PORT_TRIES = 50;

/** Starts the house, waits until it is ready and returns it with what `dev.json` says of it. */
export async function openHouse(name, { settings = [] } = {}) {
  const data = mkdtempSync(path.join(tmpdir(), "ayni-browser-"));
  const port = await threeFreePorts();
  const program = process.env.AYNI_BIN ?? path.join(root, "target/debug/ayni");
  const child = spawn(program, ["dev", "--data-dir", data, "--port", String(port), ...settings], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: data,
  });
  const log = logOf(child, name);
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const close = async () => {
    child.kill("SIGTERM");
    const slow = setTimeout(killNow, STOP_MS);
    await ended;
    clearTimeout(slow);
    process.off("exit", killNow);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const gone = ended.then((how) => {
      throw new Error(`ayni dev ended (${how}); its log is ${log}`);
    });
    await Promise.race([isReady(`http://127.0.0.1:${port}`), gone]);
    const facts = JSON.parse(readFileSync(path.join(data, "dev.json"), "utf8"));
    return { ...facts, data, program, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function isReady(gateway) {
  await until("the gateway is ready", START_MS, async () => {
    const answer = await fetch(`${gateway}/readyz`).catch(() => null);
    return answer?.status === 200;
  });
}

function logOf(child, name) {
  const logs = path.join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const file = path.join(logs, `${name}.log`);
  const log = createWriteStream(file);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return file;
}

/** The gateway takes a port, DemoBank the next one and the bill portal the one after. */
async function threeFreePorts() {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const first = await listenOn(0);
    const port = first.address().port;
    const others = await Promise.all([port + 1, port + 2].map((next) => listenOn(next).catch(() => null)));
    const taken = [first, ...others].filter(Boolean);
    await Promise.all(taken.map((server) => new Promise((done) => server.close(done))));
    if (taken.length === 3) return port;
  }
  throw new Error("no three neighbouring ports are free");
}

function listenOn(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

// A runner that is asked to stop takes its houses with it.
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(1));
