/** Sends lines to the young person: exactly once, and never loses what was typed. */

const PAUSES = [1000, 2000, 4000, 8000, 15000]; // milliseconds between tries

/** @param {string} talk */
const draftKey = (talk) => `nachtlicht-concept-${talk}`;

export function startWriting() {
  for (const form of document.querySelectorAll("form[data-write]")) {
    if (form instanceof HTMLFormElement) serve(form);
  }
}

/** @param {HTMLFormElement} form */
function serve(form) {
  const box = form.querySelector("textarea");
  const state = form.querySelector("[data-sent]");
  const button = form.querySelector("button.send");
  const key = draftKey(form.dataset.talk ?? "");
  let sending = false;

  const kept = sessionStorage.getItem(key);
  if (kept && !box.value) {
    box.value = kept;
    say("Je concept staat er nog. Nog niet verstuurd.");
  }
  const keep = () => {
    if (box.value) sessionStorage.setItem(key, box.value);
    else sessionStorage.removeItem(key);
  };
  box.addEventListener("input", keep);
  document.addEventListener("desk:keep", keep);
  window.addEventListener("pagehide", keep);

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || sending) return;
    sending = true;
    button.disabled = true;
    box.readOnly = true;
    const done = await send(form, text);
    sending = false;
    button.disabled = false;
    box.readOnly = false;
    if (!done) return;
    box.value = "";
    keep();
    form.elements.namedItem("client_id").value = crypto.randomUUID();
    say("Verstuurd");
    document.body.dispatchEvent(new CustomEvent("gesprek"));
    box.focus();
  });

  /**
   * Try until the server has the line or refuses it; the same id makes a second try harmless.
   * @param {HTMLFormElement} from
   * @param {string} text
   */
  async function send(from, text) {
    const body = new URLSearchParams(new FormData(from));
    body.set("text", text);
    for (let turn = 0; ; turn += 1) {
      say(turn ? "Nog niet verstuurd. We proberen het opnieuw." : "Versturen", turn > 0);
      try {
        const answer = await fetch(from.action, { method: "POST", body, headers: { accept: "application/json" }, signal: AbortSignal.timeout(10000) });
        if (answer.status === 201) return true;
        if (answer.status < 500 && answer.status !== 429) {
          say(await refusal(answer), true);
          return false;
        }
      } catch {
        // no answer: the line may have arrived, so try again with the same id
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(turn, PAUSES.length - 1)]));
    }
  }

  /** @param {string} words @param {boolean} [bad] */
  function say(words, bad = false) {
    state.textContent = words;
    state.classList.toggle("bad", bad);
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  try {
    return `${(await answer.json()).error.text} Nog niet verstuurd.`;
  } catch {
    return "Nog niet verstuurd. Laad de pagina opnieuw. Wat je typte blijft staan.";
  }
}
