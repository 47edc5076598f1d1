// Copy buttons: shown only where the browser can copy.
"use strict";

const SHOWN_MS = 2500;

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  button.textContent = button.dataset.copied;
  button.classList.add("done");
  const live = document.getElementById("announcement");
  if (live) live.textContent = `${button.dataset.copied}: ${button.dataset.name}`;
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("done");
  }, SHOWN_MS);
}
