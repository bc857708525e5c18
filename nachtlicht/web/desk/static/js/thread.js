/** Keeps the end of the story in view while one reads there, and follows what becomes of the talk. */

const NEAR = 80; // pixels from the end that still count as the end
const LEAVING = 10_000; // milliseconds that a form may take

export function startThread() {
  let atEnd = true;
  const log = () => document.querySelector("[data-log]");
  const newer = document.querySelector("[data-newer]");
  const toEnd = () => {
    const found = log();
    if (found) found.scrollTop = found.scrollHeight;
    if (newer instanceof HTMLElement) newer.hidden = true;
  };
  // The room shrinks when the card opens, the box grows or a tablet turns: the end stays in view.
  const room = new ResizeObserver(() => atEnd && toEnd());
  const watch = () => {
    const found = log();
    if (found) room.observe(found);
    if (!found || found.dataset.watched) return;
    found.dataset.watched = "1";
    found.addEventListener("scroll", () => {
      atEnd = found.scrollHeight - found.scrollTop - found.clientHeight < NEAR;
      if (atEnd && newer instanceof HTMLElement) newer.hidden = true;
    }, { passive: true });
  };
  watch();
  toEnd();
  newer?.addEventListener("click", () => {
    toEnd();
    document.getElementById("tekst")?.focus();
  });

  // A form that is being sent takes the page elsewhere by itself: a reload would stop it.
  let leavingUntil = 0;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leavingUntil = Date.now() + LEAVING;
  });

  let talk = fate();
  document.addEventListener("htmx:after:swap", (event) => {
    watch();
    // What can be done with the talk stands outside the part that is renewed: begin anew.
    if (fate() !== talk && Date.now() > leavingUntil) {
      talk = fate();
      document.dispatchEvent(new CustomEvent("desk:keep"));
      location.reload();
      return;
    }
    if (!(event.target instanceof Element) || event.target.id !== "gesprek") return;
    if (atEnd) toEnd();
    else if (newer instanceof HTMLElement) newer.hidden = false;
  });
}

/** What decides which forms the page shows. */
function fate() {
  const talk = document.getElementById("gesprek");
  if (!talk) return "";
  const over = ["left", "wrap_up", "closed"].includes(talk.dataset.state ?? "") ? talk.dataset.state : "open";
  return `${over} ${talk.dataset.owner} ${talk.dataset.offered}`;
}
