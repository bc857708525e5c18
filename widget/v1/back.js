/** Coming back later: four words to go with, and a box to type them in. The words are kept nowhere here. */

import { comeBack, makeCode } from "./api.js";

export class Back {
  #busy = false;

  /**
   * @param {Record<string, HTMLElement>} part the parts of the page
   * @param {Record<string, string>} words
   * @param {() => ?import("./api.js").Key} key of the talk on the page
   * @param {(key: import("./api.js").Key) => void} onBack the words opened this talk
   */
  constructor(part, words, key, onBack) {
    this.part = part;
    this.words = words;
    this.key = key;
    part.makeCode.addEventListener("click", () => this.#make());
    part.openCode.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#open(onBack);
    });
  }

  /** Nothing of it stays on the page once the sheet is closed, or another talk begins. */
  clear() {
    const { code, makeCode: button, codeFailed, codeLine } = this.part;
    code.textContent = codeFailed.textContent = "";
    /** @type {HTMLInputElement} */ (codeLine).value = "";
    button.textContent = this.words.back_make;
  }

  async #make() {
    const key = this.key();
    await this.#once(async () => {
      if (!key) throw new Error(this.words.back_failed);
      this.part.code.textContent = await makeCode(key);
      this.part.makeCode.textContent = this.words.back_again;
    });
  }

  async #open(/** @type {(key: import("./api.js").Key) => void} */ onBack) {
    const line = /** @type {HTMLInputElement} */ (this.part.codeLine);
    if (!line.value.trim()) return line.focus();
    await this.#once(async () => onBack(await comeBack(line.value)));
  }

  /** One request at a time; what goes wrong is said under the box. */
  async #once(/** @type {() => Promise<void>} */ work) {
    if (this.#busy) return;
    this.#busy = true;
    this.part.codeFailed.textContent = "";
    try {
      await work();
    } catch (/** @type {any} */ error) {
      this.part.codeFailed.textContent = error.text || this.words.back_failed;
    } finally {
      this.#busy = false;
    }
  }
}
