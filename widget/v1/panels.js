/** The sheets over the talk: direct help, chatting safely, no images. The exit stays in reach above them. */

export class Panels {
  /** @type {?HTMLElement} what had the focus before */
  #from = null;

  /** @param {HTMLElement} page @param {() => void} onClose */
  constructor(page, onClose) {
    this.page = page;
    this.onClose = onClose;
    page.addEventListener("click", (event) => this.#click(/** @type {HTMLElement} */ (event.target)));
    page.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.opened) this.close();
    });
    this.#wipeQuestion();
    this.#theme();
  }

  get opened() {
    return this.page.dataset.open;
  }

  /** @param {string} id */
  open(id) {
    this.#from = /** @type {HTMLElement} */ (document.activeElement);
    this.page.dataset.open = id;
    this.#behind(true);
    this.#dropClosedLines();
    const panel = this.#panel(id);
    panel.scrollTop = 0;
    panel.focus();
  }

  close() {
    delete this.page.dataset.open;
    this.#behind(false);
    this.#askWipe(false);
    this.onClose();
    const back = this.#from?.isConnected && this.#from !== document.body ? this.#from : this.page.parts.line;
    back.focus();
  }

  #click(/** @type {HTMLElement} */ target) {
    const opener = target.closest("[data-panel]");
    if (opener) {
      const id = /** @type {HTMLElement} */ (opener).dataset.panel ?? "";
      if (this.opened === id) this.close();
      else this.open(id);
    }
    if (target.closest("[data-close]")) this.close();
  }

  /** What lies under a sheet can't be reached, and the buttons say what is open. */
  #behind(/** @type {boolean} */ hidden) {
    const { scroll, say } = this.page.parts;
    scroll.inert = say.inert = hidden;
    for (const button of this.page.querySelectorAll("[data-panel]")) {
      button.setAttribute("aria-expanded", String(button.dataset.panel === this.opened));
    }
  }

  /** The page may have stood open all night: a line that has closed since is no longer offered. */
  #dropClosedLines() {
    for (const line of this.page.querySelectorAll("[data-closes]")) {
      line.hidden = Date.parse(line.dataset.closes) < Date.now();
    }
  }

  #wipeQuestion() {
    const { wipe, wipeNo } = this.page.parts;
    wipe.addEventListener("click", () => this.#askWipe(true));
    wipeNo.addEventListener("click", () => {
      this.#askWipe(false);
      wipe.focus();
    });
  }

  #askWipe(/** @type {boolean} */ ask) {
    const { wipeAsk, wipeSure, wipeNo, wipeFailed } = this.page.parts;
    wipeAsk.hidden = ask;
    wipeSure.hidden = !ask;
    wipeFailed.textContent = "";
    if (ask) wipeNo.focus();
  }

  /** Dark at night and where the device asks for it; one button for who wants it otherwise. */
  #theme() {
    const { theme } = this.page.parts;
    const root = document.documentElement;
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const name = () => (theme.textContent = isDark() ? this.page.words.theme_light : this.page.words.theme_dark);
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      name();
    });
    name();
  }

  #panel(/** @type {string} */ id) {
    return /** @type {HTMLElement} */ (this.page.querySelector(`#${id}`));
  }
}
