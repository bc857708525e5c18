/**
 * Nachtlicht on a partner's page: a launcher, and the talk in a frame of its own origin.
 *
 * Settings, on the <nachtlicht-chat> tag or on this script: data-entry, data-source, data-exit,
 * data-strict, data-test. What the tag holds as plain HTML stays. Version 1 never changes its meaning.
 */
(() => {
  "use strict";
  /** The server writes the words and the exit address here. */
  const CONFIG = {};
  const script = document.currentScript ?? document.querySelector('script[src*="/v1/loader.js"]');
  const { origin } = new URL(script.src);

  function build() {
    const tag = document.querySelector("nachtlicht-chat") ?? document.body.appendChild(make("nachtlicht-chat"));
    if (tag.shadowRoot) return;
    const set = { ...script.dataset, ...tag.dataset };
    const { words } = CONFIG;
    const root = tag.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CONFIG.css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", { textContent: CONFIG.css })); // older browsers
    }

    const launch = make("button", { type: "button", textContent: words.launcher });
    const panel = make("div", { className: "panel", hidden: true });
    const status = make("p", { className: "vh" });
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.frame_title);
    launch.setAttribute("aria-expanded", "false");
    status.setAttribute("role", "status");
    root.append(make("slot"), launch, panel, status);

    /** @type {?HTMLIFrameElement} made at the first tap: before it, nothing is asked of our server */
    let frame = null;
    let alive = false;
    let left = false;

    const say = (what) => frame?.contentWindow?.postMessage({ nachtlicht: what }, origin);

    function address() {
      const url = new URL("/v1/frame", origin);
      url.searchParams.set("host", location.origin);
      for (const name of ["entry", "source", "strict", "test"]) {
        if (set[name] !== undefined) url.searchParams.set(name, set[name] || "1");
      }
      return url.href;
    }

    function open() {
      if (!frame) {
        frame = make("iframe", { title: words.frame_title, referrerPolicy: "no-referrer" });
        frame.src = address();
        panel.append(frame);
        setTimeout(() => alive || silent(), 8000);
      }
      panel.hidden = false;
      launch.setAttribute("aria-expanded", "true");
      launch.textContent = words.launcher;
      frame.focus();
      if (alive) say("open");
    }

    function close() {
      panel.hidden = true;
      launch.setAttribute("aria-expanded", "false");
      launch.focus();
      say("close");
    }

    /** The frame doesn't come: show what the tag holds in its place, with a way out. */
    function silent() {
      const hide = make("button", { type: "button", textContent: words.hide, onclick: close });
      const exit = make("a", { href: set.exit ?? CONFIG.exit, textContent: words.exit, rel: "nofollow noreferrer" });
      const card = make("div", { className: "silent" });
      card.append(exit, hide, make("p", { textContent: words.frame_silent }));
      card.append(...[...tag.childNodes].map((node) => node.cloneNode(true)));
      panel.replaceChildren(card);
      frame = null;
    }

    /** First nothing to see, then away; this page is replaced in the history. */
    function leave(wait) {
      if (left) return;
      left = true;
      const cover = make("div");
      cover.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:#fff";
      document.documentElement.append(cover);
      document.title = words.exit_busy;
      // The frame gets a moment to wipe its token and tell the server.
      setTimeout(() => location.replace(set.exit ?? CONFIG.exit), wait);
    }

    launch.addEventListener("click", () => (panel.hidden ? open() : close()));
    addEventListener("message", (event) => {
      if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
      const { nachtlicht: what, count } = event.data ?? {};
      if (what === "exit") leave(0);
      if (what === "close") close();
      if (what === "unread") {
        if (!alive && !panel.hidden) say("open");
        alive = true;
        launch.textContent = count ? words.launcher_unread.replace("{aantal}", count) : words.launcher;
      }
    });

    let presses = 0;
    let other = false;
    let timer;
    document.addEventListener("keyup", (event) => {
      if (!frame) return;
      presses = event.key === "Shift" && !other ? presses + 1 : 0;
      other = event.key !== "Shift" && event.shiftKey;
      status.textContent = [ "", words.exit_two, words.exit_one ][presses] ?? "";
      clearTimeout(timer);
      timer = setTimeout(() => (presses = 0), 5000);
      if (presses === 3) {
        say("exit");
        leave(150);
      }
    }, true);

    // A keyboard on a phone shrinks what is seen, not the page: keep the exit in view.
    const view = window.visualViewport;
    const fit = () => {
      if (view.scale > 1.01) return;
      panel.style.setProperty("--seen", `${view.height}px`);
      panel.style.setProperty("--from", `${view.offsetTop}px`);
    };
    view?.addEventListener("resize", fit);
    view?.addEventListener("scroll", fit);
  }

  function make(name, properties = {}) {
    return Object.assign(document.createElement(name), properties);
  }

  if (document.body) build();
  else addEventListener("DOMContentLoaded", build);
})();
