/** The youth API over HTTP: one verb each, and how long to wait between tries. The token goes in a header. */

const BASE = "/api/v1/conversations";
const COME_BACK = "/api/v1/comeback";
const SEND_TIMEOUT = 15_000; // milliseconds
const LONGEST_PAUSE = 30_000; // milliseconds
/** Answers that mean "not now": the same request may be sent again. */
const PASSING = new Set([408, 425, 429]);

/** @typedef {{id: string, token: string}} Key who may read and write one talk */

/** The server, or the way to it, did not do what was asked. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer at all
   * @param {string} code
   * @param {string} text Dutch, for the young person
   */
  constructor(status, code = "", text = "") {
    super(code);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  /** Whether asking again can help. An answer without a code is not our server's: a proxy, a hotel. */
  get isPassing() {
    return !this.code || this.status >= 500 || PASSING.has(this.status);
  }

  /** Whether the talk is no longer there for us. */
  get isGone() {
    return this.code !== "" && [401, 404, 410].includes(this.status);
  }
}

/** @param {{entry: string, source: ?string, test: boolean}} settings @returns {Promise<Key>} */
export async function start(settings) {
  const { id, token } = await json(await request("", { body: settings }));
  if (!id || !token) throw new ApiError(0);
  return { id, token };
}

/**
 * Send one line; a repeat with the same `client_id` is the same line.
 * `keepalive` lets it arrive when the page is closed while it is under way.
 *
 * @param {Key} key @param {{client_id: string, text: string}} line
 */
export async function send(key, { client_id, text }) {
  const body = { client_id, text };
  const answer = await request(`/${key.id}/messages`, { key, body, keepalive: true });
  // A login page of a wifi network also answers 200: only our own acknowledgement counts.
  const ack = await json(answer);
  if (ack.client_id !== client_id) throw new ApiError(0);
}

/** Wipe the talk on the server. @param {Key} key */
export async function forget(key) {
  await request(`/${key.id}/forget`, { key, body: {} });
}

/** Four words to come back with; those before them are dead. @param {Key} key @returns {Promise<string>} */
export async function makeCode(key) {
  const { words } = await json(await request(`/${key.id}/code`, { key, body: {} }));
  if (!words) throw new ApiError(0);
  return words;
}

/** Open a talk by its four words. @param {string} words @returns {Promise<Key>} */
export async function comeBack(words) {
  const { id, token } = await json(await request("", { to: COME_BACK, body: { words } }));
  if (!id || !token) throw new ApiError(0);
  return { id, token };
}

/** How many come first in the queue; null when that can't be said. @param {Key} key @returns {Promise<?number>} */
export async function place(key) {
  const { ahead } = await json(await request(`/${key.id}/place`, { key }));
  return typeof ahead === "number" ? ahead : null;
}

/** Answer an end question. @param {Key} key @param {string} question @param {string} answer */
export async function giveOpinion(key, question, answer) {
  await request(`/${key.id}/opinion`, { key, body: { question, answer } });
}

/**
 * Tell the server that the young person is gone; never waited for, and never fails.
 * A beacon outlives the page but cannot carry a header: the token travels in the body.
 *
 * @param {Key} key
 */
export function leave(key) {
  const url = `${BASE}/${key.id}/exit`;
  const body = new Blob([JSON.stringify({ token: key.token })], { type: "application/json" });
  if (navigator.sendBeacon?.(url, body)) return;
  request(`/${key.id}/exit`, { key, body: {}, keepalive: true }).catch(() => {});
}

/** Open the stream of events after `after`. @param {Key} key @param {number} after @param {AbortSignal} signal */
export async function stream(key, after, signal) {
  const answer = await request(`/${key.id}/events?after=${after}`, {
    key,
    signal,
    accept: "text/event-stream",
  });
  const type = answer.headers.get("Content-Type") ?? "";
  if (!answer.body || !type.startsWith("text/event-stream")) throw new ApiError(0);
  return answer.body.getReader();
}

/**
 * Ask for the events after `after`; the server waits up to `wait` seconds for one to come.
 *
 * @param {Key} key @param {number} after @param {number} wait @param {AbortSignal} signal
 * @returns {Promise<import("./talk-store.js").TalkEvent[]>}
 */
export async function poll(key, after, wait, signal) {
  const answer = await request(`/${key.id}/events?after=${after}&wait=${wait}`, { key, signal });
  const { events } = await json(answer);
  if (!Array.isArray(events)) throw new ApiError(0);
  return events;
}

/**
 * @param {string} path
 * @param {{to?: string, key?: Key, body?: object, signal?: AbortSignal, accept?: string, keepalive?: boolean}} options
 */
async function request(path, { to = BASE, key, body, signal, accept = "application/json", keepalive }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  if (key) headers.Authorization = `Bearer ${key.token}`;
  if (body) headers["Content-Type"] = "application/json";
  const limit = new AbortController();
  const timer = body && setTimeout(() => limit.abort(), SEND_TIMEOUT);
  let answer;
  try {
    answer = await fetch(to + path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      signal: signal ?? limit.signal,
      keepalive,
      cache: "no-store",
      credentials: "omit",
    });
  } catch {
    throw new ApiError(0);
  } finally {
    clearTimeout(timer);
  }
  if (answer.ok) return answer;
  const { error } = await json(answer);
  throw new ApiError(answer.status, error?.code, error?.text);
}

/** What an answer says; nothing, if it isn't JSON. @param {Response} answer */
async function json(answer) {
  const body = await answer.json().catch(() => null);
  return body && typeof body === "object" ? body : {};
}

/** 1, 2, 4 … 30 seconds, give or take a quarter. @param {number} tries that failed before this one */
export function backoff(tries) {
  const whole = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(tries, 5));
  return whole * (0.75 + Math.random() / 2);
}

/** A wait that can be ended early. */
export class Pause {
  #end = () => {};

  /** @param {number} time milliseconds @returns {Promise<void>} */
  for(time) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end() {
    this.#end();
  }
}
