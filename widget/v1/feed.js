/** Keeps the view equal to the server: a stream of events, or a long poll where streams don't come through. */

import { ApiError, Pause, backoff, poll, stream } from "./api.js";
import { GapError } from "./talk-store.js";

const SILENT_TOO_LONG = 30_000; // milliseconds; the server speaks every 15 s
const FIRST_WORD = 10_000; // milliseconds; the server speaks at once
const STEADY = 5_000; // milliseconds; a stream that lives shorter counts as a failed try
const STREAMS_TO_TRY = 2;
const POLLS_BEFORE_STREAM = 4;
const POLL_WAIT = 25; // seconds
const POLL_TOO_LONG = 40_000; // milliseconds

/**
 * @typedef {object} FeedEars
 * @property {(events: import("./talk-store.js").TalkEvent[]) => void} onEvents
 * @property {(up: boolean) => void} onLink
 * @property {() => void} onGone the talk is no longer there
 * @property {() => void} onAhead the server knows fewer events than we do: start from nothing
 */

export class Feed {
  #pause = new Pause();
  #stopped = false;
  #failedStreams = 0;
  #goodPolls = 0;
  #up = false;
  #woken = false;
  /** @type {?AbortController} what is being read now */
  #current = null;

  /**
   * @param {import("./api.js").Key} key
   * @param {() => number} after number of the last event in view
   * @param {FeedEars} ears
   */
  constructor(key, after, ears) {
    this.key = key;
    this.after = after;
    this.ears = ears;
  }

  /** Run until `stop`, or until the talk is gone. */
  async run() {
    let tries = 0;
    while (!this.#stopped) {
      const began = Date.now();
      try {
        if (this.#failedStreams < STREAMS_TO_TRY) await this.#readStream();
        else await this.#readPoll();
        tries = 0;
        continue;
      } catch (error) {
        if (this.#stopped || (!this.#woken && this.#end(error))) return;
      }
      if (this.#woken) {
        this.#woken = false;
        tries = 0;
        continue;
      }
      if (Date.now() - began > STEADY) tries = 0;
      await this.#pause.for(backoff(tries++));
    }
  }

  /** Look now: the phone woke up, the network came back, the page was shown again. */
  wake() {
    this.#woken = this.#current !== null;
    this.#up = false;
    this.#current?.abort();
    this.#pause.end();
  }

  /** The network is gone; don't wait for the stream to find out. */
  sleep() {
    this.#current?.abort();
    this.#link(false);
  }

  stop() {
    this.#stopped = true;
    this.wake();
  }

  /** Tell what the error means. @param {unknown} error @returns {boolean} whether it is the end */
  #end(error) {
    if (error instanceof ApiError && error.isGone) {
      this.ears.onGone();
      return true;
    }
    if (error instanceof ApiError && error.code === "seq_ahead") this.ears.onAhead();
    else if (!(error instanceof GapError)) this.#link(false);
    return false;
  }

  async #readStream() {
    const watch = this.#watch(FIRST_WORD);
    let heard = false;
    try {
      const reader = await stream(this.key, this.after(), watch.signal);
      const lines = new EventLines();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) throw new ApiError(0);
        watch.renew(SILENT_TOO_LONG);
        if (!heard) this.#failedStreams = 0;
        heard = true;
        this.#link(true);
        this.#hear(lines.take(value));
      }
    } finally {
      watch.end();
      if (!heard && !this.#woken) this.#failedStreams += 1;
    }
  }

  async #readPoll() {
    const watch = this.#watch(POLL_TOO_LONG);
    try {
      // The first one doesn't wait, so that the view is right before the server has news.
      const events = await poll(this.key, this.after(), this.#up ? POLL_WAIT : 0, watch.signal);
      this.#link(true);
      this.#hear(events);
      this.#goodPolls += 1;
      if (this.#goodPolls % POLLS_BEFORE_STREAM === 0) this.#failedStreams = STREAMS_TO_TRY - 1;
    } finally {
      watch.end();
    }
  }

  /** @param {import("./talk-store.js").TalkEvent[]} events */
  #hear(events) {
    if (events.some(({ type }) => type === "gone")) throw new ApiError(410, "conversation_gone");
    if (events.length) this.ears.onEvents(events);
  }

  /** @param {boolean} up */
  #link(up) {
    this.#up = up;
    this.ears.onLink(up);
  }

  /** A signal that aborts when nothing is heard for so long. @param {number} limit milliseconds */
  #watch(limit) {
    const control = new AbortController();
    this.#current = control;
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const renew = (/** @type {number} */ next) => {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(), next);
    };
    renew(limit);
    return {
      signal: control.signal,
      renew,
      end: () => {
        clearTimeout(timer);
        control.abort();
        this.#current = null;
      },
    };
  }
}

/** Takes the bytes of an event stream, in pieces of any size, and gives whole events. */
export class EventLines {
  #decoder = new TextDecoder();
  #rest = "";

  /** @param {Uint8Array} bytes @returns {import("./talk-store.js").TalkEvent[]} */
  take(bytes) {
    this.#rest += this.#decoder.decode(bytes, { stream: true }).replaceAll("\r", "");
    const blocks = this.#rest.split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks
      .map((block) => block.split("\n").filter((line) => line.startsWith("data:")))
      .filter((data) => data.length)
      .map((data) => JSON.parse(data.map((line) => line.slice(5)).join("\n")));
  }
}
