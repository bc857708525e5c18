/** Rings until who waits is taken or the sound is muted. It says that somebody waits, no more. */

const EVERY = 6000; // milliseconds between two rings
const KEY = "nachtlicht-gedempt"; // ids of talks, for this tab only

/** @type {AudioContext | undefined} */
let audio;

/**
 * Two soft notes; a single one for a new line in a talk of one's own.
 * @param {number[]} notes in hertz
 */
function ring(notes) {
  if (audio?.state !== "running") return; // a browser gives no sound before the first press
  const begin = audio.currentTime;
  notes.forEach((note, place) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = begin + place * 0.24;
    tone.frequency.value = note;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.16, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.55);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.6);
  });
}

/** The part of the page that says who waits. */
const side = () => document.getElementById("zijbalk");
const waiting = () => side()?.dataset.waiting?.split(" ").filter(Boolean) ?? [];
const unanswered = () => Number(side()?.dataset.unanswered ?? 0);

export function startAlarm() {
  const button = document.querySelector("[data-sound]");
  if (!(button instanceof HTMLElement) || !side()) return;
  button.hidden = false;
  /** @type {Set<string>} */
  const muted = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
  const off = () => localStorage.getItem(KEY) === "uit";
  let seen = new Set(waiting());
  let lines = unanswered();

  const show = () => {
    const quiet = off() || (waiting().length > 0 && waiting().every((id) => muted.has(id)));
    button.dataset.sound = off() ? "off" : quiet ? "muted" : audio?.state === "running" ? "on" : "blocked";
    const note = document.querySelector("[data-muted]");
    if (note instanceof HTMLElement) note.hidden = off() || !quiet;
  };
  const toggle = () => {
    if (off()) {
      localStorage.removeItem(KEY);
      muted.clear();
    } else if (waiting().some((id) => !muted.has(id))) {
      waiting().forEach((id) => muted.add(id)); // mute for who waits now; the next one rings
    } else if (muted.size && waiting().length) {
      muted.clear();
    } else {
      localStorage.setItem(KEY, "uit");
    }
    sessionStorage.setItem(KEY, JSON.stringify([...muted]));
    show();
  };
  button.addEventListener("click", () => button.dataset.sound !== "blocked" && toggle());
  document.addEventListener("desk:sound", toggle);

  const sound = () => {
    const available = side()?.dataset.available === "1";
    if (available && !off() && waiting().some((id) => !muted.has(id))) ring([659, 880]);
  };
  document.addEventListener("htmx:after:swap", () => {
    const now = waiting();
    const fresh = now.filter((id) => !seen.has(id));
    seen = new Set(now);
    if (fresh.length) {
      sound();
      notify();
    }
    const more = unanswered() > lines;
    lines = unanswered();
    if (more && !off() && (document.hidden || !document.getElementById("schrijf"))) ring([523]);
    show();
  });
  audio = new AudioContext();
  audio.addEventListener("statechange", () => {
    show();
    sound();
  });
  for (const press of ["pointerdown", "keydown"]) {
    document.addEventListener(press, () => audio?.resume().catch(() => {}), { capture: true });
  }
  setInterval(sound, EVERY);
  show();
  sound();
}

/** A notification of the browser, without content, when the page is not in view. */
function notify() {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification("Nachtlicht", { body: "Er wacht iemand.", tag: "nachtlicht-wachtrij" });
  note.addEventListener("click", () => {
    window.focus();
    note.close();
  });
}
