/** Shows when the desk cannot be reached, and counts who waits in the title of the page. */

const SILENT = 30_000; // milliseconds without a sign of the server

export function startStream() {
  const stream = document.querySelector("[data-stream]");
  const offline = document.getElementById("verbinding");
  let heard = Date.now();
  const hear = () => {
    heard = Date.now();
    if (offline) offline.hidden = true;
  };
  for (const name of ["slag", "wachtrij", "gesprek", "htmx:sse:after:connection"]) {
    stream?.addEventListener(name, hear);
  }
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail?.ctx?.response?.status < 500) hear();
  });
  setInterval(() => {
    if (offline && Date.now() - heard > SILENT) offline.hidden = false;
  }, 2000);
  window.addEventListener("offline", () => {
    if (offline) offline.hidden = false;
  });

  const title = document.title;
  const count = () => {
    const waiting = document.getElementById("zijbalk")?.dataset.waiting?.split(" ").filter(Boolean).length ?? 0;
    document.title = waiting ? `(${waiting}) ${title}` : title;
  };
  count();
  document.addEventListener("htmx:after:swap", count);
}
