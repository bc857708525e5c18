/** The end question: two taps, or none. It asks once on a page, and only when a human closed the talk. */

import { giveOpinion } from "./api.js";

const QUESTIONS = ["helped", "next"];

export class After {
  #asked = 0;

  /**
   * @param {Record<string, HTMLElement>} part the parts of the page
   * @param {Record<string, string>} words
   * @param {() => ?import("./api.js").Key} key
   * @param {(text: string) => void} speak
   */
  constructor(part, words, key, speak) {
    this.part = part;
    this.words = words;
    this.key = key;
    this.speak = speak;
    part.ask.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button) this.#answer(button.dataset.answer ?? "");
    });
  }

  /** @param {boolean} over whether there is something to ask about */
  show(over) {
    const { ask, askWords, askThanks } = this.part;
    const open = over && this.#asked < QUESTIONS.length;
    askWords.textContent = this.words[`ask_${QUESTIONS[this.#asked]}`] ?? "";
    askThanks.hidden = !over || open || this.#asked > QUESTIONS.length;
    ask.hidden = !open;
  }

  /** Another talk: it may be asked again. */
  reset() {
    this.#asked = 0;
  }

  #answer(/** @type {string} */ answer) {
    const key = this.key();
    // Whether it arrives is not worth a word: nobody is to wait for a courtesy.
    if (answer && key) giveOpinion(key, QUESTIONS[this.#asked], answer).catch(() => {});
    this.#asked = answer ? this.#asked + 1 : QUESTIONS.length + 1; // skipped: no thanks either
    this.show(true);
    if (this.#asked < QUESTIONS.length) return this.speak(this.part.askWords.textContent ?? "");
    this.part.newTalk.focus();
    if (answer) this.speak(this.words.ask_thanks);
  }
}
