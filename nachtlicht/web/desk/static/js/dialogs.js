/** Opens dialogs, and asks before what a young person would notice. */

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest("[data-open-dialog]") : null;
    if (opener instanceof HTMLElement) open(opener.dataset.openDialog ?? "");
    const menu = document.querySelector("details.menu[open]");
    if (menu && event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form.dataset.sure) return;
    const dialog = document.getElementById("zeker");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.querySelector("[data-confirm-text]").textContent = form.dataset.confirm;
    dialog.returnValue = "nee";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "ja") return;
      form.dataset.sure = "1";
      form.requestSubmit();
    }, { once: true });
    dialog.showModal();
  });

  const ask = document.querySelector("[data-notify]");
  if (ask instanceof HTMLElement && "Notification" in window && Notification.permission === "default") {
    ask.hidden = false;
    ask.querySelector("[data-ask-notify]")?.addEventListener("click", async () => {
      await Notification.requestPermission();
      ask.hidden = true;
    });
  }
}

/** @param {string} id */
export function open(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
