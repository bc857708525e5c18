/** Shows the lines of the talk. A line is made once and never again, so that a screen reader hears it once. */

import { appendLinked } from "./links.js";

const NEAR = 80; // pixels from the end that still count as reading along
const TOGETHER = 3_000; // milliseconds between lines that are read as one

/** @typedef {import("./talk-store.js").Message} Message */
/** @typedef {import("./talk-store.js").Draft} Draft */

export class Thread {
  /** @type {Map<string, HTMLElement>} by id of the message, or client id of my own */
  #lines = new Map();
  #shown = 0;
  #readAt = 0;
  #seesStart = false;
  /** @type {?Element | undefined} where reading began */
  #start = null;

  /**
   * @param {HTMLElement} log the live region that holds the lines
   * @param {HTMLElement} scroller what scrolls around it
   * @param {Record<string, string>} words
   * @param {Map<string, string>} links
   */
  constructor(log, scroller, words, links) {
    this.log = log;
    this.scroller = scroller;
    this.words = words;
    this.links = links;
  }

  /**
   * Bring the page up to the store: first what the server has, in its order, then my drafts.
   *
   * @param {import("./talk-store.js").TalkStore} store
   * @returns {Message[]} the lines of others that are new
   */
  show(store) {
    if (store.messages.length < this.#shown) this.#clear();
    this.#seesStart = this.#topOf(this.#start) >= this.scroller.scrollTop;
    const fresh = store.messages.slice(this.#shown);
    for (const message of fresh) {
      const firstDraft = this.log.querySelector("[data-draft]");
      const line = this.#line(keyOf(message), message);
      delete line.dataset.draft;
      line.querySelector(".unsent")?.remove();
      if (firstDraft !== line) this.log.insertBefore(line, firstDraft);
    }
    this.#shown = store.messages.length;
    const waiting = new Set(store.drafts.map((draft) => draft.client_id));
    for (const draft of store.drafts) this.#showDraft(draft);
    for (const line of this.log.querySelectorAll("[data-draft]")) {
      if (!waiting.has(/** @type {HTMLElement} */ (line).dataset.draft ?? "")) line.remove();
    }
    this.#showChoices(store.open);
    return fresh.filter((message) => message.author !== "youth");
  }

  /** Each line keeps its own buttons, and only for as long as they can be an answer. */
  #showChoices(/** @type {Message[]} */ open) {
    const can = new Set(open.filter(({ buttons }) => buttons?.length).map((message) => this.#lines.get(keyOf(message))));
    for (const list of this.log.querySelectorAll(".choices")) {
      if (!can.delete(/** @type {HTMLElement} */ (list.parentElement))) list.remove();
    }
    for (const message of open) {
      const line = this.#lines.get(keyOf(message));
      if (can.has(line)) line?.append(choices(message.buttons ?? [], this.words.choices));
    }
  }

  get isEmpty() {
    return this.#shown === 0;
  }

  /** Whether the end of the talk is in view. */
  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /**
   * Scroll so that reading begins where the new lines do, with my own line that they answer.
   * Lines that come close together are read as one.
   *
   * @param {Message[]} fresh
   * @param {boolean} isFirst whether they are the first on this page: then the end counts
   */
  readOn(fresh, isFirst) {
    const now = Date.now();
    if (isFirst || !this.#seesStart || now - this.#readAt > TOGETHER) {
      const line = isFirst ? null : this.#lines.get(keyOf(fresh[0]));
      const before = isFirst ? this.#mine.at(-1) : line?.previousElementSibling;
      this.#start = before && this.#mine.includes(before) ? before : line;
    }
    this.#readAt = now;
    this.bring(this.#start);
  }

  /** Scroll so that this comes to stand at the top; the top of all without it. @param {?Element} [part] */
  bring(part) {
    this.scroller.scrollTop = this.#topOf(part);
  }

  #topOf(/** @type {?Element | undefined} */ part) {
    return part ? /** @type {HTMLElement} */ (part).offsetTop - 8 : 0;
  }

  get #mine() {
    return [...this.log.querySelectorAll("[data-author=youth]")];
  }

  /** To the end, where I type. */
  toEnd() {
    this.#readAt = 0;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #clear() {
    this.log.replaceChildren();
    this.#lines.clear();
    this.#shown = 0;
  }

  #showDraft(/** @type {Draft} */ draft) {
    const line = this.#line(draft.client_id, { author: "youth", text: draft.text });
    if (!line.dataset.draft) {
      line.dataset.draft = draft.client_id;
      this.log.append(line);
    }
    const note = line.querySelector(".unsent");
    if (draft.sent) note?.remove();
    else if (!note) line.append(element("p", "unsent", this.words.unsent));
  }

  /** The line under this key, made if need be. */
  #line(/** @type {string} */ key, /** @type {Partial<Message>} */ message) {
    const known = this.#lines.get(key);
    if (known) return known;
    const line = element("div", "line");
    line.dataset.author = message.author;
    line.append(element("p", "from", this.#from(message)));
    const said = element("p", "said");
    for (const text of (message.text ?? "").split("\n")) {
      const para = element("span", text.startsWith("•") ? "para item" : "para");
      para.dir = "auto";
      if (message.author === "youth") para.textContent = text;
      else appendLinked(para, text, this.links);
      said.append(para);
    }
    line.append(said);
    this.#lines.set(key, line);
    return line;
  }

  #from(/** @type {Partial<Message>} */ { author, name }) {
    if (author === "youth") return this.words.from_youth;
    if (author === "bot") return this.words.from_bot;
    if (name) return this.words.from_counsellor.replace("{naam}", name);
    return this.words.from_counsellor_unnamed;
  }
}

/** A line is known by its sender's name for it, from before the server had one. */
function keyOf(/** @type {Message} */ { client_id, id }) {
  return client_id ?? id;
}

/** Quick replies: real buttons in a list. @param {{title: string}[]} buttons @param {string} label */
function choices(buttons, label) {
  const list = element("ul", "choices");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", label);
  for (const { title } of buttons) {
    const button = element("button", "choice", title);
    button.dataset.say = title;
    /** @type {HTMLButtonElement} */ (button).type = "button";
    const item = element("li");
    item.append(button);
    list.append(item);
  }
  return list;
}

/** @param {string} name @param {string} className @param {string} text */
function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
