/** Lets the browser make or use a passkey, and sends what it signed along with an ordinary form. */

const possible = window.PublicKeyCredential && "parseRequestOptionsFromJSON" in PublicKeyCredential;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form instanceof HTMLFormElement && possible) serve(form);
}

/** @param {HTMLFormElement} form */
function serve(form) {
  const answer = form.elements.namedItem("antwoord");
  const state = form.querySelector("[data-passkey-state]");
  if (!(answer instanceof HTMLInputElement) || !state) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (answer.value) return; // signed: it goes on its way
    event.preventDefault();
    state.textContent = "";
    try {
      answer.value = JSON.stringify(await signed(form));
    } catch (error) {
      state.textContent = sentence(form, error);
      return;
    }
    form.requestSubmit();
  });
  window.addEventListener("pageshow", () => (answer.value = "")); // an answer is good once
}

/** @param {HTMLFormElement} form */
async function signed(form) {
  const body = new URLSearchParams({ csrf: form.elements.namedItem("csrf").value });
  const asked = await fetch(form.dataset.passkey, { method: "POST", body, headers: { accept: "application/json" } });
  const options = await asked.json();
  if (!asked.ok) throw new Error(options.error.text);
  const made = "passkeyNew" in form.dataset
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return made.toJSON();
}

/** The server's own sentence, or that of the page. @param {HTMLFormElement} form @param {unknown} error */
function sentence(form, error) {
  if (error instanceof DOMException && error.name === "InvalidStateError") return form.dataset.known ?? "";
  return error instanceof Error && error.constructor === Error ? error.message : form.dataset.failed ?? "";
}
