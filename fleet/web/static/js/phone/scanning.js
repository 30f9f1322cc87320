/* Scanning a label with the camera: fills the form's code field and sends the form, or goes on to its ticks. It tells
   nothing itself; a form without this file still has its field. */
import { play } from "../sounds.js";
import { askForTicks, isBeforeTicks, wakeForm } from "./ticking.js";
import { openCamera, whyNoCamera, whyRefused } from "./scanning_camera.js";
import { decoder } from "./scanning_decoder.js";
import { verdict, verdictOfSquare, wantedAt } from "./scanning_verdict.js";

const FEEL = {
  right: { sound: "ready", buzz: [60] },
  already: { sound: "already", buzz: [60, 90, 60] },
  wrong: { sound: "refused", buzz: [450] },
  unread: { sound: "refused", buzz: [150] },
};
const BETWEEN_PICTURES_MS = 40;
const RIGHT_IS_SEEN_MS = 350;

const view = document.querySelector("[data-scanner]");
const part = (name) => view.querySelector(`[data-scanner-${name}]`);
let camera = null;
let target = null;

function wake() {
  const why = whyNoCamera();
  const fields = [...document.querySelectorAll("[data-scan-field]")];
  for (const form of new Set(fields.map((field) => field.form))) wakeForm(form, !why);
  for (const button of document.querySelectorAll("[data-scan-open]")) {
    const field = document.getElementById(button.dataset.scanOpen);
    if (why) say(field, why);
    else button.addEventListener("click", () => begin(emptyField(field.form) ?? field));
    if (!why && !button.dataset.stageOf) button.hidden = false;
  }
  part("close").addEventListener("click", () => view.close());
  part("type").addEventListener("click", typeInstead);
  part("torch").addEventListener("click", switchTorch);
  view.addEventListener("close", giveCameraBack);
  document.addEventListener("visibilitychange", () => document.hidden && view.open && view.close());
  addEventListener("pagehide", giveCameraBack);
  addEventListener("submit", checkFirst, { capture: true });
}

async function begin(field) {
  aimAt(field);
  view.showModal();
  try {
    const reading = decoder(filesOf(view));
    reading.catch(() => {}); // said below, unless the camera failed first
    const opened = await openCamera(part("picture"));
    if (!view.open) return opened.close();
    camera = opened;
    part("torch").hidden = !camera.torch;
    await look(await reading, opened);
  } catch (error) {
    view.close();
    say(field, whyRefused(error));
    field.focus();
  }
}

function aimAt(field) {
  target = field;
  show("", "");
  const { expected } = wantedAt(field);
  part("wanted").textContent = expected.length === 1 ? `Scan ${expected[0]}` : "Scan the label";
}

/* The next label that a form waits for; a swap has two. */
function emptyField(form) {
  return [...form.querySelectorAll("[data-scan-field]")].find((field) => field.value === "");
}

function filesOf({ dataset }) {
  return { worker: dataset.worker, decoder: dataset.decoder, program: dataset.program };
}

/* Looks until the right label is in the frame or the view is closed. What is wrong is said once while it stays there. */
async function look(reader, opened) {
  let seen = "";
  while (camera === opened) {
    const picture = opened.picture();
    const text = picture ? await reader.read(picture) : "";
    if (camera !== opened) return;
    if (text && text !== seen) {
      seen = text;
      const found = verdictOfSquare(text, wantedAt(target));
      show(found.kind, found.sentence);
      feel(found.kind);
      if (found.kind === "right" && (await finish(found.code))) return;
    }
    await pause(BETWEEN_PICTURES_MS);
  }
}

/* Fills the field; the camera stays open while the form waits for another label. Gives whether it was the last. */
async function finish(code) {
  await pause(RIGHT_IS_SEEN_MS);
  target.value = code;
  const next = emptyField(target.form);
  if (next) aimAt(next);
  else {
    view.close();
    target.form.requestSubmit();
  }
  return !next;
}

/* Before anything is told: a code that does not check, or that belongs elsewhere, stops at the field it was typed in. */
function checkFirst(event) {
  const fields = [...(event.target.querySelectorAll?.("[data-scan-field]") ?? [])];
  if (!fields.length) return;
  const wrong = fields.find((field) => !isRight(field));
  if (!wrong && !isBeforeTicks(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!wrong) return askForTicks(event.target);
  if (wrong.value || wrong === fields[0]) feel(verdict(wrong.value, wantedAt(wrong)).kind);
  wrong.select();
}

/* Judges what stands in a field, and says at the field what is wrong with it. */
function isRight(field) {
  const found = verdict(field.value, wantedAt(field));
  const right = found.kind === "right";
  if (right) field.value = found.code;
  say(field, right ? "" : found.sentence);
  return right;
}

function show(kind, sentence) {
  view.dataset.kind = kind;
  part("said").textContent = sentence;
}

function feel(kind) {
  const { sound, buzz } = FEEL[kind];
  play(sound);
  navigator.vibrate?.(buzz);
}

/* Words at the field, where a screen reader hears them. */
function say(field, sentence) {
  const place = document.getElementById(`${field.id}-said`);
  place.textContent = sentence;
  place.hidden = !sentence;
  if (sentence && field.value) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function typeInstead() {
  view.close();
  target.focus();
}

async function switchTorch() {
  const on = part("torch").getAttribute("aria-pressed") !== "true";
  await camera?.torch?.(on);
  part("torch").setAttribute("aria-pressed", String(on));
}

function giveCameraBack() {
  camera?.close();
  camera = null;
  part("torch").setAttribute("aria-pressed", "false");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

if (view) wake();
