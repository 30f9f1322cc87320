/* Letters that do the work in lists. A key acts only while the focus is in the list it belongs to, or on the page's own
   actions when nothing is focused, and all of them can be switched off (WCAG 2.1.4). */
import { remember, remembered } from "./storage.js";

const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function wakeKeys(page) {
  const dialog = page.getElementById("keys");
  if (!dialog) return;
  const toggle = dialog.querySelector("[data-keys-switch]");
  toggle.checked = remembered("letter-keys", "on") === "on";
  toggle.addEventListener("change", () => remember("letter-keys", toggle.checked ? "on" : "off"));
  for (const opener of page.querySelectorAll("[data-keys-open]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => showKeys(page, dialog));
  }
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") return closeAsk(event);
    if (dialog.open || event.target.closest(TYPING)) return;
    if (toggle.checked && answer(page, dialog, event)) event.preventDefault();
  });
}

function answer(page, dialog, event) {
  if (event.key === "?") {
    showKeys(page, dialog);
    return true;
  }
  const row = event.target.closest("[data-row]");
  if (event.key in MOVES) return move(page, event, row);
  const place = row ?? (event.target === page.body ? page : event.target.closest("[data-keys-here]"));
  const asked = place?.querySelector("details.ask[open]");
  const meant = `[data-key="${CSS.escape(event.key)}"]`;
  const wanted = asked?.querySelector(meant) ?? [...(place?.querySelectorAll(meant) ?? [])].find(seen);
  if (!wanted) return false;
  wanted.focus();
  wanted.click();
  return true;
}

/* What is folded away cannot be pressed by its letter. */
function seen(element) {
  return element.closest("details.ask:not([open])")?.querySelector("summary") === element || element.checkVisibility();
}

function move(page, event, row) {
  const list = event.target.closest("[data-list]") ?? (event.target === page.body ? page : null);
  if (!list || (!row && event.key.startsWith("Arrow"))) return false;
  const rows = [...list.querySelectorAll("[data-row]")];
  const next = rows[row ? rows.indexOf(row) + MOVES[event.key] : 0];
  const link = next?.querySelector("[data-open], a, button, summary");
  link?.focus();
  return Boolean(link);
}

function closeAsk(event) {
  const ask = event.target.closest("details.ask[open], details.phone__menu[open]");
  if (!ask) return;
  ask.open = false;
  ask.querySelector("summary").focus();
}

function showKeys(page, dialog) {
  const list = dialog.querySelector("[data-keys-list]");
  list.replaceChildren();
  const known = new Map([["?", "show these keys"]]);
  if (page.querySelector("[data-row]")) {
    known.set("j", "go to the next row");
    known.set("k", "go to the row before");
    known.set("Enter", "open the row");
  }
  for (const element of page.querySelectorAll("[data-key]")) {
    known.set(element.dataset.key, element.querySelector("span")?.textContent.trim() ?? element.textContent.trim());
  }
  for (const [key, words] of known) {
    const term = page.createElement("dt");
    const cap = page.createElement("kbd");
    const what = page.createElement("dd");
    cap.className = "key";
    cap.textContent = key;
    what.textContent = words;
    term.append(cap);
    list.append(term, what);
  }
  dialog.showModal();
}
