/** Sends what was typed: one line at a time, in order, again and again until the server has it. */

import { ApiError, Pause, backoff, send } from "./api.js";

export class Outbox {
  #pause = new Pause();
  #busy = false;
  /** @type {?import("./api.js").Key} */
  #key = null;

  /**
   * @param {import("./talk-store.js").TalkStore} store
   * @param {{onRefused: (text: string, error: ApiError) => void, onGone: () => void}} ears
   */
  constructor(store, ears) {
    this.store = store;
    this.ears = ears;
  }

  /** Which talk to send to; null: none yet, or none any more. @param {?import("./api.js").Key} key */
  use(key) {
    this.#key = key;
    this.wake();
  }

  /** Send what waits, now. */
  wake() {
    this.#pause.end();
    if (!this.#busy) this.#run();
  }

  async #run() {
    this.#busy = true;
    let tries = 0;
    try {
      for (let draft = this.#next(); this.#key && draft; draft = this.#next()) {
        const key = this.#key;
        const failed = await send(key, draft).then(() => null, (error) => error);
        if (key !== this.#key) continue;
        if (!failed) {
          tries = 0;
          this.store.draftSent(draft);
        } else if (failed.isPassing) {
          await this.#pause.for(backoff(tries++));
        } else if (failed.isGone) {
          this.ears.onGone();
          return;
        } else {
          this.#refused(draft, failed);
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  #next() {
    return this.store.drafts.find((draft) => !draft.sent);
  }

  /** The server will never take this line: the words go back to the one who typed them. */
  #refused(/** @type {import("./talk-store.js").Draft} */ draft, /** @type {ApiError} */ error) {
    this.store.dropDraft(draft);
    this.ears.onRefused(draft.text, error);
  }
}
