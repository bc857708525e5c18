/** Takes the code of an invitation from behind the # of the link, where no server or log sees it. */

const form = document.querySelector("form[data-invitation]");
const code = decodeURIComponent(location.hash.slice(1));
if (form instanceof HTMLFormElement && code) {
  form.elements.namedItem("uitnodiging").value = code;
  history.replaceState(null, "", location.pathname); // the link must not stay in the history
  form.requestSubmit();
}
