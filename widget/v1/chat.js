/** <nachtlicht-chat>: the talk on the page. It wires the parts; each part is a module of its own. */

import { After } from "./after.js";
import { Back } from "./back.js";
import { Conversation } from "./conversation.js";
import { QuickExit } from "./exit.js";
import { Host } from "./host.js";
import { knownLinks } from "./links.js";
import { Panels } from "./panels.js";
import { Pen, refuseImages } from "./pen.js";
import { Place } from "./place.js";
import { early, session, settings } from "./session.js";
import { TalkStore } from "./talk-store.js";
import { Thread } from "./thread.js";
import { View } from "./view.js";

class NachtlichtChat extends HTMLElement {
  #unseen = 0;
  /** @type {Record<string, HTMLElement>} the parts of the page, by their `data-ref` */
  parts = {};
  /** @type {Record<string, string>} from the release */
  words = {};

  connectedCallback() {
    for (const part of this.querySelectorAll("[data-ref]")) this.parts[part.dataset.ref] = part;
    try {
      this.words = JSON.parse(this.parts.words.textContent ?? "");
      this.#build();
    } catch (error) {
      this.dataset.broken = ""; // the page is then as it is without a script: lines to call, and the exit
      throw error;
    }
    // Whatever goes wrong later, the lines to call must be in view.
    addEventListener("error", () => this.view.down(true));
    addEventListener("unhandledrejection", () => this.view.down(true));
    this.host.unread(0);
    if (this.host.isOpen) this.talk.begin();
  }

  #build() {
    const { parts, words } = this;
    this.store = new TalkStore();
    this.thread = new Thread(parts.log, parts.scroll, words, knownLinks(parts.known));
    this.view = new View(this, parts, words, this.store, this.thread);
    this.panels = new Panels(this, () => this.back.clear());
    this.pen = new Pen(parts, (text) => this.#say(text));
    this.talk = new Conversation(settings, session, early, this.store, {
      onLink: (up) => this.view.linked(up),
      onGone: () => this.view.ended(words.gone),
      onRefused: (text, error) => this.pen.giveBack(text, error.text || words.refused),
    });
    const key = () => session.key;
    this.back = new Back(parts, words, key, (found) => this.#comeBack(found));
    this.after = new After(parts, words, key, (text) => this.view.speak(text));
    this.place = new Place(key, (ahead) => this.view.stands(ahead));
    this.host = new Host(this.dataset.host ?? "", { onOpen: () => this.#opened(), onExit: () => this.exit.go() });
    this.exit = new QuickExit(parts.exit, parts.exitStatus, words, () => this.#wipe(), () => this.host.exit());
    this.store.addEventListener("change", () => this.#show());
    this.#listen();
    this.#keepInView();
  }

  #listen() {
    const { wipeYes, newTalk, newBelow, scroll, hide } = this.parts;
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
    addEventListener("online", () => this.talk.wake());
    addEventListener("offline", () => this.talk.sleep());
    addEventListener("pageshow", (event) => event.persisted && this.talk.wake());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.talk.wake();
    });
  }

  /** A keyboard on a phone shrinks what is seen, not the page: keep the exit at the top of that. */
  #keepInView() {
    const seen = window.visualViewport;
    const fit = () => {
      if (seen.scale > 1.01) return; // somebody zoomed in by hand
      this.style.setProperty("--seen", `${seen.height}px`);
      this.style.setProperty("--from", `${seen.offsetTop}px`);
    };
    seen?.addEventListener("resize", fit);
    seen?.addEventListener("scroll", fit);
  }

  #show() {
    const fresh = this.view.show();
    this.place.watch(this.store.standing.state === "waiting");
    this.after.show(this.store.isOver);
    if (fresh && !this.host.isOpen) this.host.unread((this.#unseen += fresh));
  }

  /** The page around the frame shows it. */
  #opened() {
    this.#unseen = 0;
    this.host.unread(0);
    this.talk.begin();
    this.parts.scroll.focus();
  }

  /** @param {string} text */
  #say(text) {
    this.talk.say(text);
    this.thread.toEnd();
  }

  /** @param {string} text @param {boolean} byKeyboard the one of a phone would cover the answer */
  #choose(text, byKeyboard) {
    this.#say(text);
    (byKeyboard ? this.pen : this.parts.scroll).focus();
  }

  async #forget() {
    this.view.speak(this.words.wipe_busy);
    try {
      if (!(await this.talk.forget())) return;
    } catch {
      this.parts.wipeFailed.textContent = this.words.wipe_failed;
      return;
    }
    this.panels.close();
    this.view.ended(this.words.wiped);
  }

  /** Four words opened a talk. @param {import("./api.js").Key} key */
  #comeBack(key) {
    this.panels.close();
    this.view.reset();
    this.after.reset();
    this.talk.takeUp(key);
    this.view.speak(this.words.back_open);
    this.parts.scroll.focus();
  }

  #startAgain() {
    this.talk.end();
    this.view.reset();
    this.after.reset();
    this.pen.focus();
    this.talk.begin();
  }

  /** Quick exit: nothing of the talk stays in this tab. */
  #wipe() {
    this.talk.leave();
    this.replaceChildren();
  }
}

customElements.define("nachtlicht-chat", NachtlichtChat);
