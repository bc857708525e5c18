/**
 * Which talk this tab is in: one opaque token in sessionStorage, or in memory only.
 *
 * It runs before the other modules, and asks for a talk at once: on a slow phone that saves time.
 */

import { start } from "./api.js";

const NAME = "nachtlicht";

export class Session {
  /** @type {?import("./api.js").Key} */
  #key = null;

  /** @param {boolean} strict leave nothing behind, also not for a reload */
  constructor(strict) {
    this.strict = strict;
  }

  /** @returns {?import("./api.js").Key} */
  get key() {
    if (!this.#key && !this.strict) this.#key = read();
    return this.#key;
  }

  /** @param {import("./api.js").Key} key */
  keep(key) {
    this.#key = key;
    if (!this.strict) attempt(() => sessionStorage.setItem(NAME, `${key.id}.${key.token}`));
  }

  /** Gone from memory and from the browser, at once. */
  wipe() {
    this.#key = null;
    attempt(() => sessionStorage.removeItem(NAME));
  }
}

function read() {
  const [id, token] = (attempt(() => sessionStorage.getItem(NAME)) ?? "").split(".");
  return id && token ? { id, token } : null;
}

/** A browser that refuses storage throws on every touch; the talk then lives in memory. */
function attempt(/** @type {() => any} */ touch) {
  try {
    return touch();
  } catch {
    return null;
  }
}

const page = /** @type {HTMLElement} */ (document.querySelector("nachtlicht-chat"));
const { entry = "", source = null, test, strict } = page.dataset;

export const settings = { entry, source, test: test !== undefined };
export const session = new Session(strict !== undefined);

/** The key of a new talk; null when this tab has one already, or the server is out of reach. */
export const early = session.key ? Promise.resolve(null) : start(settings).catch(() => null);
