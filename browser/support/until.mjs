// Waiting for another process: asked again and again, with a limit and a name for what was waited for.
const PAUSE_MS = 50;

/** Returns the first truthy answer of `ask`, or fails after `limitMs`. */
export async function until(what, limitMs, ask) {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`waited ${limitMs} ms in vain until ${what}`);
}
