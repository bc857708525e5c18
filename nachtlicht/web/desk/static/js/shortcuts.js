/** Keys for who types all night. With Alt, so that they never write; `?` alone can be put off. */

import { open } from "./dialogs.js";

const KEY = "nachtlicht-losse-toets";

/** @type {Record<string, () => void>} */
const ACTS = {
  n: () => document.querySelector("button[data-claim]")?.click(),
  w: () => location.assign("/desk"),
  s: () => document.getElementById("tekst")?.focus(),
  a: () => document.querySelector("[data-search]")?.focus(),
  g: () => document.dispatchEvent(new CustomEvent("desk:sound")),
  arrowdown: () => step(1),
  arrowup: () => step(-1),
};

/** @param {number} by */
function step(by) {
  const tabs = [...document.querySelectorAll("[data-tabs] a.tab")];
  if (!tabs.length) return;
  const here = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));
  const place = here < 0 ? (by > 0 ? 0 : tabs.length - 1) : (here + by + tabs.length) % tabs.length;
  tabs[place].click();
}

export function startShortcuts() {
  const box = document.querySelector("[data-single-keys]");
  if (box instanceof HTMLInputElement) {
    box.checked = localStorage.getItem(KEY) !== "uit";
    box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "aan" : "uit"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key === "?" && !event.altKey && !typing && localStorage.getItem(KEY) !== "uit") {
      event.preventDefault();
      open("sneltoetsen");
      return;
    }
    const act = event.altKey && !document.querySelector("dialog[open]") ? ACTS[event.key.toLowerCase()] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
