/* The label first, then the ticks: a form marked `data-then="ticks"` shows what is asked at the door once its code (at
   a swap both codes) is there. Without scripts all of it stands on the page. */

import { verdict, wantedAt } from "./scanning_verdict.js";

/** Shows of a form what comes first. The one big button scans while there is no code, where a camera can be opened. */
export function wakeForm(form, canScan) {
  const fields = [...form.querySelectorAll("[data-scan-field]")];
  const right = fields.every((field) => field.value !== "" && verdict(field.value, wantedAt(field)).kind === "right");
  setStage(form, form.dataset.then === "ticks" && !right ? "label" : "ticks");
  const offer = () => offerButton(form, canScan && fields.some((field) => field.value === "") ? "label" : "ticks");
  for (const field of fields) field.addEventListener("input", offer);
  offer();
}

/** Whether the form still waits for its label. */
export function isBeforeTicks(form) {
  return form.dataset.stage === "label";
}

/** The label is right: what is asked at the door comes into view. */
export function askForTicks(form) {
  setStage(form, "ticks");
  offerButton(form, "ticks");
  const first = form.querySelector("[data-after-scan]");
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "start" });
}

function setStage(form, stage) {
  form.dataset.stage = stage;
  for (const part of form.querySelectorAll("[data-after-scan]")) part.hidden = stage === "label";
}

function offerButton(form, stage) {
  for (const button of document.querySelectorAll(`[data-stage-of="${form.id}"]`)) {
    button.hidden = button.dataset.at !== stage;
  }
}

/* One tap for all that was done together; a second takes them away again. */
function wakeAll(button) {
  const boxes = [...button.closest("fieldset").querySelectorAll("input[type=checkbox]")];
  const show = () => button.setAttribute("aria-pressed", String(boxes.every((each) => each.checked)));
  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = !boxes.every((each) => each.checked);
    for (const box of boxes) box.checked = wanted;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

for (const button of document.querySelectorAll("[data-tick-all]")) wakeAll(button);
