/** The talk as this page sees it: one state, changed by numbered events and by what is being sent. */

/**
 * @typedef {object} Message one line of the talk, as the server tells it
 * @property {string} id
 * @property {"youth"|"bot"|"counsellor"} author
 * @property {string} text
 * @property {string} [client_id] the sender's own name for the line
 * @property {string} [name] of the counsellor
 * @property {{title: string}[]} [buttons]
 */

/**
 * @typedef {object} Standing where the talk stands
 * @property {string} state bot, waiting, waiting_closed, live, live_lost_youth, …
 * @property {?string} holder bot, queue, counsellor or nobody
 * @property {?string} opens when a human is there again, in words
 * @property {?string} name of the counsellor
 */

/** @typedef {{seq: number, type: string, message?: Message, state?: Standing}} TalkEvent */

/** @typedef {{client_id: string, text: string, sent: boolean}} Draft a line of mine that no event has shown yet */

/** The events do not follow on from what we have; the reader must fetch again after `seq`. */
export class GapError extends Error {}

/** Where a talk stands before the first event says so. */
const START = Object.freeze({ state: "bot", holder: "bot", opens: null, name: null });

export class TalkStore extends EventTarget {
  constructor() {
    super();
    this.clear();
  }

  /** Forget everything: another talk, or none. */
  clear() {
    /** @type {Draft[]} in the order they were typed */
    this.drafts = [];
    this.rewind();
  }

  /** Forget what the server said, and keep what is still to be sent. */
  rewind() {
    /** Number of the last event applied. */
    this.seq = 0;
    /** @type {Message[]} in the order of the server */
    this.messages = [];
    /** @type {Standing} */
    this.standing = START;
    this.#changed();
  }

  /**
   * Apply events in order. One that was applied before is passed over, so that a repeat of
   * the stream shows nothing twice.
   *
   * @param {TalkEvent[]} events
   * @throws {GapError} one is missing in between; those before it have been applied
   */
  apply(events) {
    const before = this.seq;
    try {
      for (const event of events) this.#applyOne(event);
    } finally {
      if (this.seq !== before) this.#changed();
    }
  }

  /** @param {TalkEvent} event */
  #applyOne(event) {
    if (event.seq <= this.seq) return;
    if (event.seq !== this.seq + 1) throw new GapError(`${event.seq} after ${this.seq}`);
    this.seq = event.seq;
    if (event.message) {
      const { client_id } = event.message;
      this.messages.push(event.message);
      if (client_id) this.drafts = this.drafts.filter((draft) => draft.client_id !== client_id);
    }
    if (event.state) this.standing = event.state;
  }

  /** @param {string} text @returns {Draft} */
  addDraft(text) {
    const draft = { client_id: randomId(), text, sent: false };
    this.drafts.push(draft);
    this.#changed();
    return draft;
  }

  /** The server has it; it stays in view as a draft until its event comes. @param {Draft} draft */
  draftSent(draft) {
    draft.sent = true;
    this.#changed();
  }

  /** @param {Draft} draft */
  dropDraft(draft) {
    this.drafts = this.drafts.filter((other) => other !== draft);
    this.#changed();
  }

  /** The lines of the bot that may be answered by a button: those since anybody else spoke. */
  get open() {
    if (this.drafts.length) return [];
    const others = this.messages.map(({ author }) => author !== "bot");
    return this.messages.slice(others.lastIndexOf(true) + 1);
  }

  /** Whether the bot owes an answer to a line that the server has. */
  get awaitsBot() {
    if (!["bot", "queue"].includes(this.standing.holder ?? "")) return false;
    const waiting = this.drafts.at(-1);
    return waiting ? waiting.sent : this.messages.at(-1)?.author === "youth";
  }

  get isOver() {
    return ["wrap_up", "closed", "left"].includes(this.standing.state);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** A version 4 UUID, also where `randomUUID` is missing (it needs https). */
export function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
