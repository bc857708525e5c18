/** Asks for a talk while the other modules are still under way: on a slow phone that saves half a second. */

import { start } from "./api.js";
import { Session } from "./session.js";

const page = /** @type {HTMLElement} */ (document.querySelector("nachtlicht-chat"));
const { entry = "", source = null, test, strict } = page.dataset;

export const settings = { entry, source, test: test !== undefined };
export const session = new Session(strict !== undefined);

/** The key of a new talk; null when this tab has one already, or the server is out of reach. */
export const early = session.key ? Promise.resolve(null) : start(settings).catch(() => null);
