/** One talk at a time with the server: begun or taken up, followed, sent to, wiped. It knows no page. */

import * as api from "./api.js";
import { Feed } from "./feed.js";
import { Outbox } from "./outbox.js";

/**
 * @typedef {object} ConversationEars
 * @property {(up: boolean) => void} onLink the server is in reach, or no longer
 * @property {() => void} onGone the talk is no longer there
 * @property {(text: string, error: api.ApiError) => void} onRefused a line that will never be taken
 */

export class Conversation {
  #begun = false;
  #turn = 0; // counts talks, so that a start that was overtaken knows it
  #pause = new api.Pause();
  /** @type {Promise<?api.Key>} */
  #early;
  /** @type {?Feed} */
  #feed = null;

  /**
   * @param {{entry: string, source: ?string, test: boolean}} settings
   * @param {import("./session.js").Session} session
   * @param {Promise<?api.Key>} early a talk that was asked for already
   * @param {import("./talk-store.js").TalkStore} store
   * @param {ConversationEars} ears
   */
  constructor(settings, session, early, store, ears) {
    this.settings = settings;
    this.session = session;
    this.#early = early;
    this.store = store;
    this.ears = ears;
    this.outbox = new Outbox(store, { onRefused: ears.onRefused, onGone: () => this.#gone() });
  }

  /** Take up the talk of this tab, or start one; tries until it works. A second call is a no-op. */
  async begin() {
    if (this.#begun) return;
    this.#begun = true;
    const turn = ++this.#turn;
    for (let tries = 0; !this.session.key; tries += 1) {
      const key = await this.#start();
      if (turn !== this.#turn) {
        if (key) api.leave(key);
        return;
      }
      if (key) this.session.keep(key);
      else await this.#pause.for(api.backoff(tries));
      if (turn !== this.#turn) return;
    }
    this.#follow(this.session.key);
  }

  /**
   * Go on in another talk, which was opened by its words. One in which nothing was said yet is left.
   *
   * @param {api.Key} key
   */
  takeUp(key) {
    const before = this.session.key;
    const said = this.store.drafts.length || this.store.messages.some(({ author }) => author === "youth");
    this.end();
    if (before && before.id !== key.id && !said) api.leave(before);
    this.session.keep(key);
    this.begin();
  }

  /** @param {string} text */
  say(text) {
    this.store.addDraft(text);
    this.outbox.wake();
  }

  /** The page came alive again, or the network did: don't wait for a timer. */
  wake() {
    this.#pause.end();
    this.#feed?.wake();
    this.outbox.wake();
  }

  /** The network is gone. */
  sleep() {
    this.#feed?.sleep();
  }

  /**
   * Wipe the talk on the server and here. The stream may tell of it before the answer comes, and
   * another talk be begun by then: that one is left alone.
   *
   * @returns {Promise<boolean>} whether no other talk has begun
   * @throws {api.ApiError} nothing was wiped
   */
  async forget() {
    const { key } = this.session;
    const turn = this.#turn;
    if (key) {
      await api.forget(key).catch((error) => {
        if (!error.isGone) throw error;
      });
    }
    if (turn === this.#turn) this.end();
    return !this.#begun;
  }

  /** Quick exit: out of this tab first, and the server hears of it without being waited for. */
  leave() {
    const { key } = this.session;
    this.end();
    if (key) api.leave(key);
  }

  /** Forget the talk here; the server is not told. */
  end() {
    this.#begun = false;
    this.#turn += 1;
    this.#feed?.stop();
    this.#feed = null;
    this.#pause.end();
    this.outbox.use(null);
    this.session.wipe();
    this.store.clear();
  }

  /** @returns {Promise<?api.Key>} the key of a new talk; null when the server is out of reach */
  async #start() {
    const early = await this.#early;
    this.#early = Promise.resolve(null);
    try {
      return early ?? (await api.start(this.settings));
    } catch {
      this.ears.onLink(false);
      return null;
    }
  }

  /** @param {api.Key} key */
  #follow(key) {
    this.outbox.use(key);
    this.#feed = new Feed(key, () => this.store.seq, {
      onEvents: (events) => this.store.apply(events),
      onLink: (up) => {
        this.ears.onLink(up);
        if (up) this.outbox.wake();
      },
      onGone: () => this.#gone(),
      onAhead: () => this.store.rewind(),
    });
    this.#feed.run();
  }

  #gone() {
    this.end();
    this.ears.onGone();
  }
}
