/** The box in which one types: sends on Enter, gets refused words back, and takes no pictures. */

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

/**
 * Nothing with a file in it gets into the talk, by paste or by drop.
 *
 * @param {HTMLElement} page @param {() => void} onRefused
 */
export function refuseImages(page, onRefused) {
  const refuse = (/** @type {Event} */ event, /** @type {?DataTransfer} */ data) => {
    if (!holdsFile(data)) return;
    event.preventDefault();
    onRefused();
  };
  page.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  page.addEventListener("drop", (event) => refuse(event, event.dataTransfer));
  // Without this the browser would leave the talk to show the dropped file.
  page.addEventListener("dragover", (event) => {
    if (holdsFile(event.dataTransfer)) event.preventDefault();
  });
}

/** A picture copied from a page comes as HTML with an <img>, sometimes without a file. */
function holdsFile(/** @type {?DataTransfer} */ data) {
  if (!data) return false;
  if (data.files.length || [...data.items].some((item) => item.kind === "file")) return true;
  return data.types.includes("Files") || (!data.getData("text/plain") && /<img/i.test(data.getData("text/html")));
}
