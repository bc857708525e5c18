/** Canned replies and places: found by typing, put into the box with one press, sent by the person. */

export function startTools() {
  const search = document.querySelector("[data-search]");
  const list = document.querySelector("[data-replies]");
  const none = document.querySelector("[data-no-replies]");
  search?.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of list?.children ?? []) {
      const fits = words.every((word) => item.dataset.find.includes(word));
      item.hidden = !fits;
      found += Number(fits);
    }
    if (none instanceof HTMLElement) none.hidden = found > 0;
  });
  search?.addEventListener("keydown", (event) => {
    const first = list?.querySelector("li:not([hidden]) button");
    if (!(first instanceof HTMLElement)) return;
    if (event.key === "Enter") first.click();
    else if (event.key === "ArrowDown") first.focus();
    else return;
    event.preventDefault();
  });
  list?.addEventListener("keydown", (event) => {
    const shown = [...list.querySelectorAll("li:not([hidden]) button")];
    const place = shown.indexOf(document.activeElement);
    if (event.key === "ArrowDown") shown[place + 1]?.focus();
    else if (event.key === "ArrowUp") (shown[place - 1] ?? search)?.focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-insert]") : null;
    const box = document.getElementById("tekst");
    if (!(button instanceof HTMLElement) || !(box instanceof HTMLTextAreaElement)) return;
    const before = box.value.trimEnd();
    box.value = before ? `${before}\n${button.dataset.insert}` : button.dataset.insert ?? "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  });
}
