/** Shows how the talk stands: who is there, who types, whether the server is in reach, what comes after. */

const BLIP = 2_000; // milliseconds without a link that nobody needs to hear of
const DOWN = 8_000; // milliseconds without a link after which the lines to call are shown
const BOT_TIME = 10_000; // milliseconds that a typing sign is believable
const LASTING = 700; // milliseconds that a state must last before it is spoken

export class View {
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};
  /** @type {?boolean} whether the server is in reach; null before the first word of it */
  #linked = null;
  /** How many come first in the queue; null when nobody knows. @type {?number} */
  #ahead = null;
  /** Why there is no talk any more, in words; empty as long as there is one. */
  #ended = "";

  /**
   * @param {HTMLElement} page
   * @param {Record<string, HTMLElement>} part
   * @param {Record<string, string>} words
   * @param {import("./talk-store.js").TalkStore} store
   * @param {import("./thread.js").Thread} thread
   */
  constructor(page, part, words, store, thread) {
    this.page = page;
    this.part = part;
    this.words = words;
    this.store = store;
    this.thread = thread;
  }

  /** Bring the page up to the store. @returns {number} how many lines of others are new */
  show() {
    const wasAtEnd = this.thread.isAtEnd;
    const isFirst = this.thread.isEmpty;
    const fresh = this.thread.show(this.store);
    this.#showTyping();
    if (fresh.length && wasAtEnd) this.thread.readOn(fresh, isFirst);
    this.#showStanding();
    if (fresh.length) {
      this.part.newBelow.hidden = this.thread.isAtEnd;
      // The first lines are there: from now on a screen reader speaks what is added.
      setTimeout(() => this.part.log.removeAttribute("aria-busy"), 500);
    }
    return fresh.length;
  }

  /** The server is in reach, or no longer. A blip is not shown. @param {boolean} up */
  linked(up) {
    if (up === this.#linked) return;
    this.#linked = up;
    clearTimeout(this.#timers.blip);
    clearTimeout(this.#timers.down);
    if (up) {
      delete this.page.dataset.offline;
      this.down(false);
      this.#showStanding();
      return;
    }
    this.#timers.blip = setTimeout(() => {
      this.page.dataset.offline = "";
      this.#showStanding();
    }, BLIP);
    this.#timers.down = setTimeout(() => this.down(true), this.store.seq ? DOWN : BLIP);
  }

  /** The safety card stands in the talk as long as the service is away. @param {boolean} down */
  down(down) {
    const { down: place, card, helpHome } = this.part;
    if (!helpHome.isConnected) return; // a page that was left shows nothing
    place.hidden = !down;
    (down ? place : helpHome).append(card);
    if (down) this.thread.bring(this.part.log.querySelector("[data-draft]") ?? place);
  }

  /** In the queue so many come first. @param {?number} ahead */
  stands(ahead) {
    this.#ahead = ahead;
    this.#showStanding();
  }

  /** The talk is no longer there. @param {string} why in words */
  ended(why) {
    this.reset();
    this.#ended = why;
    this.down(false);
    this.#showStanding();
    this.part.newTalk.focus();
    this.speak(why);
  }

  /** A new talk begins, or this one ended: nothing is known of the server. */
  reset() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#linked = this.#ahead = null;
    this.#ended = "";
    delete this.page.dataset.offline;
    this.#showStanding();
  }

  /** Let a screen reader say it, once it has lasted. @param {string} text */
  speak(text) {
    clearTimeout(this.#timers.speak);
    this.#timers.speak = setTimeout(() => (this.part.status.textContent = text), LASTING);
  }

  #showStanding() {
    const { standing, after, afterText, say } = this.part;
    const over = Boolean(this.#ended) || this.store.isOver;
    this.page.dataset.state = over ? "closed" : this.store.standing.state;
    afterText.textContent = this.#ended || this.words.closed;
    if (after.hidden === over) {
      after.hidden = !over;
      if (over) after.scrollIntoView({ block: "nearest" });
    }
    // A talk that was closed can be written in again: something may have happened.
    say.hidden = Boolean(this.#ended);
    const words = this.#standing();
    if (standing.textContent === words) return;
    standing.textContent = words;
    this.speak(words);
  }

  #standing() {
    if (this.#ended) return this.words.state_gone;
    if ("offline" in this.page.dataset) return this.words.state_offline;
    if (!this.store.seq) return this.words.state_connecting;
    const words = standingWords(this.store.standing, this.words);
    return this.store.standing.state === "waiting" ? words + placeWords(this.#ahead, this.words) : words;
  }

  /** The sign stands for a real wait: the server has my line and the bot has not answered. */
  #showTyping() {
    const { typing } = this.part;
    const waits = this.store.awaitsBot;
    if (waits === !typing.hidden) return;
    clearTimeout(this.#timers.typing);
    typing.hidden = !waits;
    if (!waits) return;
    this.speak(this.words.typing);
    this.#timers.typing = setTimeout(() => (typing.hidden = true), BOT_TIME);
  }
}

/** Never a number that looks exact when it is large. @param {?number} ahead @param {Record<string, string>} words */
function placeWords(ahead, words) {
  if (ahead === null) return "";
  const told = ahead === 0 ? words.place_first : ahead === 1 ? words.place_one : words.place_more;
  return ` ${told.replace("{aantal}", String(ahead))}`;
}

/** @param {import("./talk-store.js").Standing} standing @param {Record<string, string>} words */
function standingWords({ state, opens, name }, words) {
  switch (state) {
    case "waiting":
      return words.state_waiting;
    case "waiting_closed":
      return opens ? words.state_waiting_closed.replace("{opent}", opens) : words.state_waiting_closed_unknown;
    case "live":
    case "live_lost_youth":
      return name ? words.state_live.replace("{naam}", name) : words.state_live_unnamed;
    case "live_lost_staff":
      return words.state_lost_staff;
    case "wrap_up":
    case "closed":
    case "left":
      return words.state_closed;
    default:
      return words.state_bot;
  }
}
