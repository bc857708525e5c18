/** <nachtlicht-chat>: the talk on the page. It wires the parts; each part is a module of its own. */

import * as api from "./api.js";
import { QuickExit } from "./exit.js";
import { Feed } from "./feed.js";
import { Host } from "./host.js";
import { refuseImages } from "./images.js";
import { knownLinks } from "./links.js";
import { Outbox } from "./outbox.js";
import { Panels } from "./panels.js";
import { Pause, backoff } from "./retry.js";
import { Session } from "./session.js";
import { standingWords } from "./standing.js";
import { TalkStore } from "./talk-store.js";
import { Thread, element } from "./thread.js";

const BLIP = 2_000; // milliseconds without a link that nobody needs to hear of
const DOWN = 8_000; // milliseconds without a link after which the lines to call are shown
const BOT_TIME = 10_000; // milliseconds that a typing sign is believable

class NachtlichtChat extends HTMLElement {
  #begun = false;
  #ended = false;
  #unseen = 0;
  #pause = new Pause();
  /** @type {?Feed} */
  #feed = null;
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};

  connectedCallback() {
    // Whatever goes wrong in here, the lines to call must be in view.
    addEventListener("error", () => this.#showDown(true));
    addEventListener("unhandledrejection", () => this.#showDown(true));
    try {
      this.#build();
    } catch (error) {
      this.dataset.broken = "";
      throw error;
    }
  }

  #build() {
    /** @type {Record<string, HTMLElement>} the parts of the page, by their `data-ref` */
    this.part = {};
    for (const part of this.querySelectorAll("[data-ref]")) this.part[part.dataset.ref] = part;
    /** @type {Record<string, string>} */
    this.words = JSON.parse(this.part.words.textContent ?? "{}");
    this.session = new Session("strict" in this.dataset);
    this.store = new TalkStore();
    this.thread = new Thread(this.part.log, this.part.scroll, this.words, knownLinks(this.part.known));
    this.panels = new Panels(this);
    this.outbox = new Outbox(this.store, {
      onRefused: (text, error) => this.#refused(text, error),
      onGone: () => this.#gone(this.words.gone),
    });
    this.host = new Host(this.dataset.host ?? "", {
      onOpen: () => this.#opened(),
      onExit: () => this.exit.go(),
    });
    this.exit = new QuickExit(this.part.exit, this.part.exitStatus, this.words, () => this.#wipe(), () => this.host.exit());
    this.#listen();
    this.store.addEventListener("change", () => this.#show());
    this.host.unread(0);
    if (this.host.isOpen) this.#begin();
  }

  #listen() {
    const { say, line, wipeYes, newTalk, newBelow, scroll, hide } = this.part;
    say.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendLine();
    });
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#sendLine();
    });
    line.addEventListener("input", () => this.#fitLine());
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-say]");
      if (button) this.#choose(button.dataset.say, event.detail === 0);
    });
    wipeYes.addEventListener("click", () => this.#forget());
    newTalk.addEventListener("click", () => this.#startAgain());
    newBelow.addEventListener("click", () => this.thread.toEnd());
    scroll.addEventListener("scroll", () => (newBelow.hidden ||= this.thread.isAtEnd), { passive: true });
    hide?.addEventListener("click", () => this.host.close());
    refuseImages(this, () => this.panels.open("image"));
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.#feed?.sleep());
    addEventListener("pageshow", (event) => event.persisted && this.#wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#wake());
  }

  /** Take up the talk of this tab, or start one; tries until it works. */
  async #begin() {
    if (this.#begun) return;
    this.#begun = true;
    for (let tries = 0; !this.session.key && this.#begun; tries += 1) {
      try {
        const { entry = "", source = null, test } = this.dataset;
        this.session.keep(await api.start({ entry, source, test: test !== undefined }));
      } catch {
        this.#linked(false);
        await this.#pause.for(backoff(tries));
      }
    }
    if (this.#begun) this.#follow(this.session.key);
  }

  #follow(key) {
    this.outbox.use(key);
    this.#feed = new Feed(key, () => this.store.seq, {
      onEvents: (events) => this.store.apply(events),
      onLink: (up) => this.#linked(up),
      onGone: () => this.#gone(this.words.gone),
      onAhead: () => this.store.rewind(),
    });
    this.#feed.run();
  }

  /** The page came alive again, or the network did: don't wait for a timer. */
  #wake() {
    this.#pause.end();
    this.#feed?.wake();
    this.outbox.wake();
  }

  #opened() {
    this.#unseen = 0;
    this.host.unread(0);
    this.#begin();
    this.part.scroll.focus();
  }

  #sendLine() {
    const { line, refusal } = this.part;
    if (!line.value.trim()) return;
    this.#say(line.value);
    line.value = "";
    refusal.textContent = "";
    this.#fitLine();
  }

  /** @param {string} text @param {boolean} byKeyboard a keyboard on a phone would cover the answer */
  #choose(text, byKeyboard) {
    this.#say(text);
    (byKeyboard ? this.part.line : this.part.scroll).focus();
  }

  #say(text) {
    this.store.addDraft(text);
    this.thread.toEnd();
    this.outbox.wake();
  }

  /** The server will not have this line: give the words back, with the reason. */
  #refused(text, { code, text: why }) {
    const { line, refusal } = this.part;
    line.value = line.value ? `${text}\n${line.value}` : text;
    refusal.textContent = this.words[`error_${code}`] || why || this.words.refused;
    this.#fitLine();
    line.focus();
  }

  #fitLine() {
    const { line } = this.part;
    line.style.height = "";
    line.style.height = `${line.scrollHeight + 2}px`;
  }

  /** Bring the whole page up to the store. */
  #show() {
    const { store, thread, part } = this;
    const wasAtEnd = thread.isAtEnd;
    const fresh = thread.show(store);
    this.#showTyping();
    this.#showStanding();
    if (!fresh.length) return;
    if (wasAtEnd) thread.readOn();
    part.newBelow.hidden = thread.isAtEnd;
    if (!this.host.isOpen) this.host.unread((this.#unseen += fresh.length));
    // The first lines are there: from now on a screen reader speaks what is added.
    setTimeout(() => part.log.removeAttribute("aria-busy"), 500);
  }

  /** Who is there, and whether there is still something to say. */
  #showStanding() {
    const { standing, after, afterText, say } = this.part;
    const over = this.#ended || this.store.isOver;
    this.dataset.state = over ? "closed" : this.store.standing.state;
    if (this.store.isOver) afterText.textContent = this.words.closed;
    after.hidden = !over;
    say.hidden = over;
    let words = this.isLinked ? standingWords(this.store.standing, this.words) : this.words.state_connecting;
    if (this.#ended) words = this.words.state_gone;
    if ("offline" in this.dataset) words = this.words.state_offline;
    if (standing.textContent === words) return;
    standing.textContent = words;
    this.#speak(words);
  }

  /** The sign stands for a real wait: the server has my line and the bot has not answered. */
  #showTyping() {
    const { typing } = this.part;
    const waits = this.store.awaitsBot;
    if (waits === !typing.hidden) return;
    clearTimeout(this.#timers.typing);
    typing.hidden = !waits;
    if (!waits) return;
    this.#speak(this.words.typing);
    this.#timers.typing = setTimeout(() => (typing.hidden = true), BOT_TIME);
  }

  /** Say something about the state once it has lasted. */
  #speak(text) {
    clearTimeout(this.#timers.speak);
    this.#timers.speak = setTimeout(() => (this.part.status.textContent = text), 700);
  }

  #linked(up) {
    if (up === this.isLinked) return;
    this.isLinked = up;
    clearTimeout(this.#timers.blip);
    clearTimeout(this.#timers.down);
    if (up) {
      delete this.dataset.offline;
      this.#showDown(false);
      this.#showStanding();
      this.outbox.wake();
      return;
    }
    this.#timers.blip = setTimeout(() => {
      this.dataset.offline = "";
      this.#showStanding();
    }, BLIP);
    this.#timers.down = setTimeout(() => this.#showDown(true), this.store.seq ? DOWN : BLIP);
  }

  /** The safety card stands in the talk as long as the service is away. */
  #showDown(down) {
    const { down: place, card, helpHome } = this.part;
    if (!helpHome.isConnected) return; // a broken page shows them already; one that was left shows nothing
    place.hidden = !down;
    (down ? place : helpHome).append(card);
    if (down) this.thread.readOn();
  }

  async #forget() {
    const { key } = this.session;
    this.#speak(this.words.wipe_busy);
    try {
      if (key) await api.forget(key);
    } catch (error) {
      if (!error.isGone) {
        this.part.wipeFailed.textContent = this.words.wipe_failed;
        return;
      }
    }
    this.panels.close();
    this.#gone(this.words.wiped);
  }

  /** The talk is no longer there: nothing of it stays on the page. */
  #gone(why) {
    this.#stop();
    this.#ended = true;
    this.store.clear();
    this.part.afterText.textContent = why;
    this.#showDown(false);
    this.#showStanding();
    this.part.newTalk.focus();
    this.#speak(why);
  }

  #startAgain() {
    this.#stop();
    this.#ended = false;
    this.store.clear();
    this.part.line.focus();
    this.#begin();
  }

  /** Quick exit: the talk is out of this tab at once, and the server hears of it. */
  #wipe() {
    const { key } = this.session;
    this.#stop();
    this.replaceChildren();
    if (key) api.leave(key);
  }

  #stop() {
    this.#begun = false;
    this.#feed?.stop();
    this.#feed = null;
    this.#pause.end();
    this.outbox.use(null);
    this.session.wipe();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    delete this.isLinked;
    delete this.dataset.offline;
  }
}

customElements.define("nachtlicht-chat", NachtlichtChat);
