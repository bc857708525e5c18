/** Lets every clock on the page run; waits turn amber after one minute and red after two. */

const AMBER = 60; // seconds
const RED = 120; // seconds

/** @param {number} seconds */
function words(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const tail = String(whole % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}

// The server's clock counts: a laptop may be minutes off, and a test runs another night.
let ahead = 0;

/** Learn how far this computer's clock is from the server's, from a clock the server has drawn. */
function compare() {
  const clock = document.querySelector("time[data-clock]");
  if (!(clock instanceof HTMLTimeElement)) return;
  const drawn = (clock.textContent ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  ahead = Date.now() - (Date.parse(clock.dateTime) + drawn * 1000);
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    const seconds = (Date.now() - ahead - Date.parse(clock.dateTime)) / 1000;
    const text = words(seconds);
    if (clock.textContent !== text) clock.textContent = text;
    if (clock.dataset.clock !== "wait") continue;
    clock.classList.toggle("amber", seconds > AMBER && seconds <= RED);
    clock.classList.toggle("red", seconds > RED);
    const late = clock.parentElement?.querySelector("[data-late]");
    if (late) {
      late.hidden = seconds <= AMBER;
      late.textContent = seconds > RED ? "te lang" : "lang";
    }
  }
}

export function startClocks() {
  compare();
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
}
