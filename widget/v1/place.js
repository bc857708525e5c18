/** Asks now and then how many come first in the queue, for as long as one waits and looks. */

import { place } from "./api.js";

const EVERY = 20_000; // milliseconds

export class Place {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => ?import("./api.js").Key} key
   * @param {(ahead: ?number) => void} onPlace null: nothing that may be told
   */
  constructor(key, onPlace) {
    this.key = key;
    this.onPlace = onPlace;
  }

  /** @param {boolean} waits whether the talk stands in the queue of an open desk */
  watch(waits) {
    if (waits === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = waits ? setInterval(() => this.#ask(), EVERY) : undefined;
    if (waits) this.#ask();
    else this.onPlace(null);
  }

  async #ask() {
    const key = this.key();
    if (!key || document.visibilityState === "hidden") return;
    const ahead = await place(key).catch(() => null); // an old number is worse than none
    if (this.#timer !== undefined) this.onPlace(ahead);
  }
}
