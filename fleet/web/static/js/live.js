/* A page that renews itself says when it no longer can: an old wall must never look like a live one. The line may drop
   for a moment and come back by itself, so nothing is said before it has been gone for a while. */
const PATIENCE_MS = 10_000;

export function wakeLive(page) {
  const notice = page.querySelector("[data-stale]");
  if (!notice) return;
  const waiting = new Map();
  page.addEventListener("htmx:sseError", (event) => {
    if (waiting.has(event.target)) return;
    const since = new Date();
    waiting.set(event.target, setTimeout(() => event.target.isConnected && say(notice, since), PATIENCE_MS));
  });
  page.addEventListener("htmx:sseOpen", (event) => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
    if (waiting.size === 0) notice.hidden = true;
  });
}

function say(notice, since) {
  const time = since.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  notice.querySelector("[data-stale-since]").textContent = time;
  notice.hidden = false;
}
