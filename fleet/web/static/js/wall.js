/* The wall with scripts: scans are answered in place, the sheet opens and closes at the side, and after a minute without
   hands the queue comes to the front. Everything works without this file. */
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

/* A scanner is faster than an answer: the field is free again at once, and scans are answered one after the other. */
const scanner = document.getElementById("scanner");
const PATIENCE_MS = 30_000;
let answered = Promise.resolve();

scanner?.addEventListener("submit", (event) => {
  if (!window.htmx) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(scanner));
  scanner.elements.scan.value = "";
  scanner.elements.scan.focus();
  answered = answered.then(() => answer(values));
});

async function answer(values) {
  const place = document.getElementById("scanned");
  try {
    const said = await fetch(scanner.action, {
      method: "POST", body: new URLSearchParams(values), headers: { "HX-Request": "true" }, redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (said.status === 401 || said.status === 403) return say("[data-signed-out]", place, values.scan);
    if (!said.ok) throw new Error(said.statusText);
    window.htmx.swap(place, await said.text(), { swapStyle: "innerHTML" });
  } catch {
    say("[data-unanswered]", place, values.scan);
  }
}

function say(template, place, code) {
  const said = scanner.querySelector(template).content.cloneNode(true);
  said.querySelector("[data-code]").textContent = code;
  place.replaceChildren(said);
}

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
