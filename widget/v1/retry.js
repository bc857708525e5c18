/** Waiting between tries: longer each time, never all clients at once, and cut short by good news. */

const LONGEST = 30_000; // milliseconds

/** 1, 2, 4 … 30 seconds, give or take a quarter. @param {number} tries that failed before this one */
export function backoff(tries) {
  const whole = Math.min(LONGEST, 1000 * 2 ** Math.min(tries, 5));
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
