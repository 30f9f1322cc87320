/* Dragging on the planning page. It only fills in and sends the forms that stand there for everybody. */
const said = document.querySelector("#plan-said");
let dragged = null;

for (const card of document.querySelectorAll(".plan-card[data-loan]")) wakeDragged(card, card.closest("form").dataset.area);
for (const stop of document.querySelectorAll(".plan-stop[data-job]")) wakeDragged(stop, stop.dataset.area);
for (const run of document.querySelectorAll(".plan-run[data-run]")) wakeRun(run);

function wakeDragged(element, area) {
  element.draggable = true;
  element.addEventListener("dragstart", (event) => {
    event.stopPropagation();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", element.innerText.trim());
    dragged = { element, area };
    element.classList.add("is-dragged");
    setTimeout(showRuns); // a change within dragstart ends the drag in Chromium
  });
  element.addEventListener("dragend", () => {
    element.classList.remove("is-dragged");
    dragged = null;
    hideRuns();
  });
}

function showRuns() {
  if (!dragged) return;
  for (const run of document.querySelectorAll(".plan-run[data-run]")) {
    const why = refusal(run);
    const own = run.contains(dragged.element);
    run.classList.toggle("takes", !why && !own);
    run.classList.toggle("refuses", Boolean(why));
    run.querySelector(".plan-lanes").hidden = Boolean(why) || own;
    const words = run.querySelector(".plan-run__why");
    words.textContent = why;
    words.hidden = !why;
  }
}

function hideRuns() {
  for (const run of document.querySelectorAll(".plan-run[data-run]")) {
    run.classList.remove("takes", "refuses");
    run.querySelector(".plan-lanes").hidden = true;
    run.querySelector(".plan-run__why").hidden = true;
  }
  for (const over of document.querySelectorAll(".is-over")) over.classList.remove("is-over");
}

/* Why a run cannot take what is dragged, in the words the server gave for it; empty when it can. */
function refusal(run) {
  if (run.contains(dragged.element)) return "";
  const covers = run.dataset.covers.split(" ").filter(Boolean);
  if (covers.length && !covers.includes(dragged.area)) return run.dataset.elsewhere;
  return Number(run.dataset.room) < picked().length ? run.dataset.full : "";
}

/* The dragged card, with those ticked beside it when it is ticked itself. */
function picked() {
  const box = dragged.element.querySelector("input[name=loan_id]");
  if (!box || !box.checked) return [dragged.element];
  return [...dragged.element.closest("form").querySelectorAll("input[name=loan_id]:checked")];
}

function wakeRun(run) {
  run.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const place = target(run, event.target);
    for (const over of document.querySelectorAll(".is-over")) if (over !== place) over.classList.remove("is-over");
    if (!place) return;
    event.preventDefault();
    place.classList.add("is-over");
  });
  run.addEventListener("drop", (event) => {
    const place = dragged && target(run, event.target);
    if (!place) return;
    event.preventDefault();
    put(run, place);
  });
}

/* Where something may be dropped: a lane of another run, or a stop of its own run to stand before. */
function target(run, element) {
  if (refusal(run)) return null;
  if (run.contains(dragged.element)) return element.closest(".plan-stop[data-job]");
  return element.closest(".plan-lane") || run;
}

function put(run, place) {
  const form = dragged.element.closest("form") || dragged.element.querySelector("form");
  const when = place.dataset.window || dragged.element.dataset.window;
  if (dragged.element.dataset.loan) {
    const box = dragged.element.querySelector("input[name=loan_id]");
    if (!box.checked) for (const each of form.querySelectorAll("input[name=loan_id]")) each.checked = each === box;
    form.elements.run_id.value = run.dataset.run;
    if (when) form.elements.window.value = when;
    tell("Putting it on the run…");
    form.requestSubmit();
  } else if (run.contains(dragged.element)) {
    form.elements.place.value = place.dataset.place;
    send(form, "place");
  } else {
    form.elements.run_id.value = run.dataset.run;
    form.elements.window.value = when;
    send(form, "run");
  }
}

function send(form, step) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: step });
  form.append(field);
  tell("Moving the stop…");
  form.submit();
}

function tell(words) {
  said.textContent = words;
  said.hidden = false;
}
