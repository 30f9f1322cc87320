/* The one line that is scanned into all day, at the bench and at the desk. A scanner is faster than an answer: the field
   is free again at once, and scans are answered one after the other. Works without this file, a page at a time. */
const PATIENCE_MS = 30_000;
let answered = Promise.resolve();

export function wakeScanLine(page) {
  const scanner = page.getElementById("scanner");
  scanner?.addEventListener("submit", (event) => {
    if (!window.htmx) return;
    event.preventDefault();
    send(scanner, new FormData(scanner));
    scanner.elements.scan.value = "";
    scanner.elements.scan.focus();
  });
}

/* Answer this text as if it had been scanned: what a key stands for, or a card that was scanned on another page. */
export function scanned(scanner, text) {
  const values = new FormData(scanner);
  values.set("scan", text);
  send(scanner, values);
}

function send(scanner, values) {
  values.set("client_id", crypto.randomUUID?.() ?? "");
  answered = answered.then(() => answer(scanner, values));
}

async function answer(scanner, values) {
  const place = document.getElementById("scanned");
  try {
    const said = await fetch(scanner.action, {
      method: "POST", body: new URLSearchParams(values), headers: { "HX-Request": "true" }, redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (said.status === 401 || said.status === 403) return say(scanner, "[data-signed-out]", place, values.get("scan"));
    if (!said.ok) throw new Error(said.statusText);
    window.htmx.swap(place, await said.text(), { swapStyle: "innerHTML" });
  } catch {
    say(scanner, "[data-unanswered]", place, values.get("scan"));
  }
}

function say(scanner, template, place, code) {
  const said = scanner.querySelector(template).content.cloneNode(true);
  said.querySelector("[data-code]").textContent = code;
  place.replaceChildren(said);
}
