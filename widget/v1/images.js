/** Refuses images: nothing with a file in it gets into the talk, by paste or by drop. */

/**
 * @param {HTMLElement} page
 * @param {() => void} onRefused
 */
export function refuseImages(page, onRefused) {
  const refuse = (/** @type {Event} */ event, /** @type {?DataTransfer} */ data) => {
    if (!holdsFile(data)) return;
    event.preventDefault();
    onRefused();
  };
  page.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  page.addEventListener("drop", (event) => refuse(event, event.dataTransfer));
  // Without this the browser would leave the talk to show the dropped file.
  page.addEventListener("dragover", (event) => {
    if (holdsFile(event.dataTransfer)) event.preventDefault();
  });
}

/** A picture copied from a page comes as HTML with an <img>, sometimes without a file. */
function holdsFile(/** @type {?DataTransfer} */ data) {
  if (!data) return false;
  if (data.files.length || [...data.items].some((item) => item.kind === "file")) return true;
  return data.types.includes("Files") || (!data.getData("text/plain") && /<img/i.test(data.getData("text/html")));
}
