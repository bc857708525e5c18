/**
 * The quick exit: one tap, or Shift three times, and the talk is gone from the screen.
 *
 * Source: the behaviour of GOV.UK's "Exit this page". Beyond it: the token and the page are wiped,
 * the server is told, the page is replaced in the history, and other tabs leave too.
 */

const TOO_LATE = 5_000; // milliseconds between two presses of Shift
const PRESSES = 3;
const HOST_TIME = 300; // milliseconds

/** Counts bare presses of Shift; Shift with another key is typing, and starts again at nothing. */
export class ShiftCount {
  #presses = 0;
  #withOther = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(presses: number) => void} onPress how many so far; 0 when it was broken off */
  constructor(onPress) {
    this.onPress = onPress;
  }

  /** @param {KeyboardEvent} event of a key that goes up */
  keyUp(event) {
    if (event.key === "Shift" && !this.#withOther) {
      this.#presses += 1;
      this.onPress(this.#presses);
      if (this.#presses >= PRESSES) this.#presses = 0;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#breakOff(), TOO_LATE);
    } else if (this.#presses) {
      this.#breakOff();
    }
    // With Shift+A, A goes up first while Shift is down: the Shift that follows doesn't count.
    this.#withOther = event.key !== "Shift" && event.shiftKey;
  }

  #breakOff() {
    clearTimeout(this.#timer);
    if (this.#presses) this.onPress(0);
    this.#presses = 0;
  }
}

export class QuickExit {
  #gone = false;
  #others = "BroadcastChannel" in window ? new BroadcastChannel("nachtlicht") : null;

  /**
   * @param {HTMLAnchorElement} link works without this script too
   * @param {HTMLElement} status speaks while Shift is pressed
   * @param {Record<string, string>} words
   * @param {() => void} wipe takes away everything that this tab knows
   * @param {() => boolean} tellHost asks the page around the frame to leave; whether there is one
   */
  constructor(link, status, words, wipe, tellHost) {
    this.link = link;
    this.status = status;
    this.words = words;
    this.wipe = wipe;
    this.tellHost = tellHost;
    const shift = new ShiftCount((presses) => this.#count(presses));
    document.addEventListener("keyup", (event) => shift.keyUp(event), true);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.go();
    });
    if (this.#others) this.#others.onmessage = () => this.go();
    // A browser may keep the page alive for its Back button; what it shows then must be new.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted && this.#gone) location.reload();
    });
  }

  /** Leave. The order matters: first nothing to see, then nothing to find, then away. */
  go() {
    if (this.#gone) return;
    this.#gone = true;
    this.#cover();
    this.wipe();
    this.#others?.postMessage("exit");
    // The page around the frame leaves by itself; should its script be gone, we take it along.
    if (this.tellHost()) setTimeout(() => this.#leave(), HOST_TIME);
    else this.#leave();
  }

  #leave() {
    const address = this.link.href;
    try {
      /** @type {Window} */ (top).location.replace(address);
    } catch {
      // A browser may forbid a frame to move the page without a tap; the page around us does it then.
    }
  }

  /** On a slow network the page would stay in view: white over all, before anything else. */
  #cover() {
    document.documentElement.dataset.gone = "";
    document.title = this.words.exit_busy;
    const cover = document.createElement("div");
    cover.className = "cover";
    cover.setAttribute("role", "alert");
    document.body.append(cover);
    cover.textContent = this.words.exit_busy; // after it stands in the page: only then is it spoken
  }

  #count(/** @type {number} */ presses) {
    this.link.dataset.presses = String(presses);
    if (presses >= PRESSES) this.go();
    else if (presses === 2) this.status.textContent = this.words.exit_one;
    else if (presses === 1) this.status.textContent = this.words.exit_two;
    else this.status.textContent = this.words.exit_timeout;
  }
}
