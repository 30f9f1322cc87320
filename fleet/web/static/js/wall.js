/* The wall with scripts: scans are answered in place, the sheet opens and closes at the side, and after a minute without
   hands the queue comes to the front. Everything works without this file. */
import { wakeScanLine } from "./scanline.js";

const QUIET_MS = 60_000;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.closest("dialog, details.ask[open]")) closeSheet();
}, { capture: true });

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  closeSheet();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "sheet") return;
  const sheet = document.getElementById("sheet");
  const scanning = document.activeElement?.id === "scan";
  sheet?.scrollIntoView({ block: "nearest" });
  if (!scanning) sheet?.focus({ preventScroll: true });
});

function closeSheet() {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const gone = document.createElement("div");
  gone.id = "sheet";
  gone.hidden = true;
  window.htmx?.trigger(sheet, "htmx:beforeCleanupElement");
  sheet.replaceWith(gone);
  history.pushState({}, "", location.pathname);
  document.getElementById("scan")?.focus();
}

wakeScanLine(document);

const wall = document.querySelector(".bench__wall");
let quietSince = Date.now();

function lookForHands() {
  if (wall.querySelector(".slot--hands, .slot--danger")) quietSince = Date.now();
  wall.classList.toggle("bench__wall--quiet", Date.now() - quietSince >= QUIET_MS);
}

if (wall) {
  lookForHands();
  setInterval(lookForHands, 1000);
}
