/** Makes the lines of help in a text tappable. It knows them from the page itself: no number lives here. */

/** Web addresses that a text spells out in full. */
const ADDRESS = /https:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?]/;

/**
 * Collect what the page links to: every `data-link` with the words that stand for it.
 *
 * @param {ParentNode} page
 * @returns {Map<string, string>} words to address
 */
export function knownLinks(page) {
  const links = new Map();
  for (const link of page.querySelectorAll("a[data-link]")) {
    links.set(/** @type {HTMLElement} */ (link).dataset.link, link.getAttribute("href"));
  }
  return links;
}

/**
 * Put `text` into `parent`, with links for what `links` knows and for whole addresses.
 * Text stays text: nothing in it is ever read as HTML.
 *
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {Map<string, string>} links
 */
export function appendLinked(parent, text, links) {
  const known = [...links.keys()].sort((a, b) => b.length - a.length).map(escaped);
  // Not inside a longer number or word: "1120 mensen" is no line to call.
  const pattern = new RegExp(`(^|[^\\w-])(${[ADDRESS.source, ...known].join("|")})(?![\\w-])`, "giu");
  let end = 0;
  for (const { index = 0, 1: before, 2: words } of text.matchAll(pattern)) {
    parent.append(text.slice(end, index + before.length), anchor(words, links));
    end = index + before.length + words.length;
  }
  parent.append(text.slice(end));
}

function anchor(/** @type {string} */ words, /** @type {Map<string, string>} */ links) {
  const link = document.createElement("a");
  link.href = links.get(words.toLowerCase()) ?? words;
  link.rel = "nofollow noreferrer noopener";
  if (link.protocol !== "tel:") link.target = "_blank";
  link.textContent = words;
  return link;
}

function escaped(/** @type {string} */ words) {
  return words.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
