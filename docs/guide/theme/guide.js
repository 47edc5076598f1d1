// The guide without it is whole; with it, blocks can be copied, the guide searched, and the contents folded on a phone.

const say = document.body.dataset;
const FOUND_MAX = 12;

const contents = document.querySelector(".contents details");
if (matchMedia("(max-width: 59.99rem)").matches) contents.open = false;
// In a list that is longer than the screen, this page's line is where it is seen.
const column = document.querySelector(".contents");
column.scrollTop = column.querySelector("[aria-current]").offsetTop - column.clientHeight / 2;

for (const block of document.querySelectorAll(".block.command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = say.copied;
    setTimeout(() => { button.textContent = say.copy; }, 2000);
  });
  block.querySelector("pre").prepend(button);
}

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

const field = document.createElement("input");
field.type = "search";
field.placeholder = say.search;
field.setAttribute("aria-label", say.search);
const status = document.createElement("p");
status.setAttribute("role", "status");
const list = document.createElement("ul");
document.querySelector("#find").append(field, status, list);

let index;
field.addEventListener("focus", async () => { await sections(); });
field.addEventListener("input", async () => {
  const asked = plain(field.value).split(/\s+/).filter((word) => word.length > 1);
  const found = asked.length === 0 ? [] : search(await sections(), asked);
  status.textContent = asked.length === 0 ? "" : found.length === 0 ? say.nothing : say.found.replace("{}", found.length);
  list.replaceChildren(...found.slice(0, FOUND_MAX).map(item));
});

function sections() {
  index ??= fetch("search.json")
    .then((answer) => answer.json())
    .then((all) => all.map((one) => ({ ...one, head: plain(`${one.page} ${one.title}`), body: plain(one.text) })));
  return index;
}

// Every word must be there; one in a heading counts more.
function search(all, asked) {
  const score = (one) => asked.reduce((sum, word) => sum + (one.head.includes(word) ? 3 : 0) + (one.body.includes(word) ? 1 : 0), 0);
  return all
    .filter((one) => asked.every((word) => one.head.includes(word) || one.body.includes(word)))
    .sort((a, b) => score(b) - score(a));
}

function item(one) {
  const link = document.createElement("a");
  link.href = one.href;
  link.textContent = one.title;
  if (one.page !== one.title) {
    const page = document.createElement("small");
    page.textContent = one.page;
    link.append(page);
  }
  const line = document.createElement("li");
  line.append(link);
  return line;
}
