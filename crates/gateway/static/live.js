// The payment's status, live: when it changes, the page is fetched again and its main part replaced. Without this
// script a page that waits reloads itself.
"use strict";

const POLL_MS = 10_000;
const source = new EventSource(document.body.dataset.events);

source.addEventListener("status", async (event) => {
  const told = JSON.parse(event.data);
  if (told.mark !== document.body.dataset.mark) await refresh();
  if (told.final) source.close();
});

// Refused for good (too many pages are open): ask now and then instead.
source.addEventListener("error", () => {
  if (source.readyState === EventSource.CLOSED) setInterval(refresh, POLL_MS);
});

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [shown, fetched] = [document, page].map((one) => one.querySelector("main"));
  if (!shown || !fetched) return;
  shown.replaceChildren(...fetched.childNodes);
  document.title = page.title;
  document.body.className = page.body.className;
  for (const name of ["page", "mark"]) {
    if (name in page.body.dataset) document.body.dataset[name] = page.body.dataset[name];
    else delete document.body.dataset[name];
  }
  const heading = shown.querySelector("h1");
  const live = document.getElementById("announcement");
  if (heading && live) live.textContent = heading.textContent;
}
