/** Talks with the page around the frame: four messages (open, close, unread, exit), one exact origin. */

export class Host {
  /**
   * @param {string} origin of the page around us; empty when there is none
   * @param {{onOpen: () => void, onExit: () => void}} ears
   */
  constructor(origin, { onOpen, onExit }) {
    this.origin = parent === window ? "" : origin;
    this.isOpen = !this.origin;
    addEventListener("message", ({ origin: from, source, data }) => {
      if (!this.origin || from !== this.origin || source !== parent) return;
      if (data?.nachtlicht === "open") {
        this.isOpen = true;
        onOpen();
      }
      if (data?.nachtlicht === "close") this.isOpen = false;
      if (data?.nachtlicht === "exit") onExit();
    });
  }

  /** Hide the frame; the talk goes on. */
  close() {
    this.isOpen = false;
    this.#say({ nachtlicht: "close" });
  }

  /** How many lines came that nobody has seen. The first one also says: I am here. */
  unread(/** @type {number} */ count) {
    this.#say({ nachtlicht: "unread", count });
  }

  /** @returns {boolean} whether there is a page around us */
  exit() {
    this.#say({ nachtlicht: "exit" });
    return this.origin !== "";
  }

  #say(/** @type {object} */ message) {
    if (this.origin) parent.postMessage(message, this.origin);
  }
}
