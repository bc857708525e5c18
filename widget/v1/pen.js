/** The box in which one types: sends on Enter, grows with the text, and gets refused words back. */

export class Pen {
  /**
   * @param {Record<string, HTMLElement>} part the parts of the page
   * @param {(text: string) => void} onLine
   */
  constructor({ say, line, refusal }, onLine) {
    this.line = /** @type {HTMLTextAreaElement} */ (line);
    this.refusal = refusal;
    this.onLine = onLine;
    say.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    line.addEventListener("input", () => this.#fit());
    // Sending by a tap must not close the keyboard of a phone.
    say.addEventListener("mousedown", (event) => {
      if (/** @type {HTMLElement} */ (event.target).closest(".send")) event.preventDefault();
    });
  }

  focus() {
    this.line.focus();
  }

  /** The server will not have this line: nothing is lost, and the reason stands above it. */
  giveBack(/** @type {string} */ text, /** @type {string} */ why) {
    this.line.value = this.line.value ? `${text}\n${this.line.value}` : text;
    this.refusal.textContent = why;
    this.#fit();
    this.focus();
  }

  #send() {
    const text = this.line.value;
    if (!text.trim()) return;
    this.line.value = "";
    this.refusal.textContent = "";
    this.#fit();
    this.onLine(text);
  }

  #fit() {
    this.line.style.height = "";
    this.line.style.height = `${this.line.scrollHeight + 3}px`;
  }
}
