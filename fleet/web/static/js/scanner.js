/* A USB barcode scanner works on any page: it types fast and ends with Enter. A burst like that goes to the page's own
   scan line where it has one, and else is asked of the hub, which says what it is and where to go. What a person types
   is never eaten: keys outside a field are held for a moment and then let go, and a field that a scan ran into gets
   back what stood there. */
import { play } from "./sounds.js";

const PACE_MS = 35;
const PAUSE_MS = 100;
const HOLD_MS = 40;
const SHORTEST = 5;
const PATIENCE_MS = 15_000;
const MOST_REPLAYED = 3;
const FIELD = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
const LINES = "[data-scan-line], input[name=scan]";
const LABELS = "[data-scan-label]";
const CODE = "[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}";
const WITHIN_A_SCAN = new Set(["Shift", "CapsLock", "AltGraph"]);
const OURS = new RegExp(`^(${CODE}|https?://\\S+/t/${CODE}|(MODE|DESK|GRADE|SHELF)-[A-Z0-9-]+)$`, "i");

let burst = null;

export function wakeScanner(page) {
  const place = page.getElementById("scan-said");
  if (!place) return;
  window.addEventListener("keydown", (event) => event.isTrusted && hear(page, place, event), { capture: true });
  page.addEventListener("keydown", (event) => event.key === "Escape" && place.replaceChildren());
  place.addEventListener("click", (event) => event.target.closest("[data-close]") && place.replaceChildren());
}

function hear(page, place, event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return letGo();
  if (event.key === "Enter") return end(page, place, event);
  if (event.key.length !== 1) return WITHIN_A_SCAN.has(event.key) ? undefined : letGo();
  const field = event.target.closest?.(FIELD);
  if (field?.matches(LINES)) return letGo();
  const always = page.querySelector("[data-scan-line=always]");
  if (!field && always) return land(event, always);
  if (!goesOn(event, field)) {
    letGo();
    burst = { text: "", from: event.timeStamp, field, before: field && kept(field), held: [] };
  }
  burst.text += event.key;
  burst.last = event.timeStamp;
  if (!field) hold(event);
}

function goesOn(event, field) {
  return burst && burst.field === field && event.timeStamp - burst.last <= PAUSE_MS;
}

/* A page that is scanned at all day takes whatever is typed outside a field. */
function land(event, line) {
  if (event.key !== " " && event.key !== "?" && !event.altKey && !event.target.closest("dialog")) line.focus();
}

/* A key outside a field may be a letter that does something, or the first of a scan: the next moment tells. */
function hold(event) {
  if (event.key === " " && burst.held.length < MOST_REPLAYED) return letGo();
  if (burst.held.length > 0) event.preventDefault();
  event.stopImmediatePropagation();
  burst.held.push(event);
  clearTimeout(burst.timer);
  burst.timer = setTimeout(replay, HOLD_MS, burst);
}

function letGo() {
  if (burst) replay(burst);
  burst = null;
}

function replay(told) {
  clearTimeout(told.timer);
  const keys = told.held.splice(0);
  if (keys.length > MOST_REPLAYED) return;
  for (const { key, code, shiftKey, altKey } of keys) {
    const again = { key, code, shiftKey, altKey, bubbles: true, cancelable: true };
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", again));
  }
}

function end(page, place, event) {
  const told = burst;
  burst = null;
  if (!told) return;
  if (!isScan(told, event)) return replay(told);
  clearTimeout(told.timer);
  event.preventDefault();
  event.stopImmediatePropagation();
  if (told.field) giveBack(told);
  deliver(page, place, told.text);
}

function isScan(told, event) {
  const pace = (event.timeStamp - told.from) / told.text.length;
  const whole = told.text.length >= SHORTEST && pace <= PACE_MS && event.timeStamp - told.last <= PAUSE_MS;
  return whole && (!told.field || OURS.test(told.text));
}

function kept(field) {
  const { value, selectionStart, selectionEnd } = field;
  return { value, text: field.isContentEditable ? field.textContent : null, selectionStart, selectionEnd };
}

function giveBack({ field, before }) {
  if (before.text !== null) field.textContent = before.text;
  else field.value = before.value;
  if (typeof before.selectionStart === "number") field.setSelectionRange(before.selectionStart, before.selectionEnd);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function deliver(page, place, text) {
  const line = lineOf(page);
  if (!line) return fillLabel(page, text) || ask(place, text);
  line.value = text;
  line.focus();
  if (line.dataset.scanLine !== undefined || isAlone(line)) line.form.requestSubmit();
}

function lineOf(page) {
  return [...page.querySelectorAll(LINES)].find((each) => each.form && each.checkVisibility() && !each.disabled);
}

/* A line among other questions is filled in and left to the person; one alone in its form is answered at once. */
function isAlone(line) {
  const questions = [...line.form.elements].filter((each) => each.matches("input, select, textarea"));
  return questions.every((each) => each === line || each.type === "hidden");
}

/* A form that asks for labels in their order takes a scan into the next empty field, and goes on behind it. */
function fillLabel(page, text) {
  const labels = [...page.querySelectorAll(LABELS)];
  const next = labels.find((each) => each.value === "") ?? labels.at(-1);
  if (!next) return false;
  next.value = text;
  next.dispatchEvent(new Event("input", { bubbles: true }));
  (labels.find((each) => each.value === "") ?? next).focus();
  return true;
}

async function ask(place, text) {
  try {
    const answer = await fetch(`${place.dataset.ask}?text=${encodeURIComponent(text)}`, {
      headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.type === "opaqueredirect") return say(place, `Nothing was done with ${text}: you are not signed in here.`, "Sign in, then scan it again.");
    if (!answer.ok) throw new Error(answer.statusText);
    const { said, next_step, href } = await answer.json();
    if (href) return location.assign(href);
    say(place, said, next_step);
  } catch {
    say(place, `The scan of ${text} was not answered.`, "Nothing was changed. Look at the connection, then scan it again.");
  }
}

function say(place, said, next) {
  const words = document.getElementById("scan-said-words").content.cloneNode(true);
  words.querySelector("[data-said]").textContent = said;
  words.querySelector("[data-next]").textContent = next;
  place.replaceChildren(words);
  play("refused");
}
