/* What this phone told of each stop, shown on pages that may be older than what was told; and which stop is next. */
import { codeOf, plain } from "./form.js";
import { piece } from "./saying.js";
import { remember, setting } from "./store.js";

const DONE = new Set(["hand_over", "collect", "hand_in", "swap", "back_at_hub"]);
const WORDS = {
  load: "Loaded",
  hand_over: "Handed over",
  collect: "Collected",
  hand_in: "Handed in",
  swap: "Swapped",
  failed: "Could not be done",
  back_at_hub: "Back at the hub",
  drop: "Left at a partner's place",
  hazard: "Told that it is hot, swollen or leaking",
};
const ANSWERED = {
  applied: ["sent", "done"],
  already: ["sent, known already", "plain"],
  conflict: ["sent, the hub takes a look", "hands"],
  refused: ["refused", "danger"],
};

export function timeOf(fact) {
  return new Date(fact.occurred_at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/* A fact as one line in a word, a shape and a colour: "Handed over 10:41, waiting to send". */
export function line(fact) {
  const [became, shape] = fact.answer ? (ANSWERED[fact.answer.answer] ?? ["sent", "plain"]) : ["waiting to send", "waiting"];
  const drawn = piece(shape);
  drawn.querySelector("span span").textContent = `${WORDS[fact.action] ?? fact.action} ${timeOf(fact)}, ${became}`;
  return drawn;
}

/* What counts of a stop: what was neither refused nor taken back by the hub since. */
function tellings(facts, { job, code, never = [] }) {
  return facts.filter((fact) => fact.answer?.answer !== "refused" && !never.includes(fact.id)).filter((fact) => {
    return fact.job === null ? Boolean(code) && plain(fact.code) === plain(code) : fact.job === job;
  });
}

function neverWas(part) {
  return (part.dataset.neverWas ?? "").split(" ").filter(Boolean);
}

function drawnStop(part) {
  return { job: Number(part.dataset.toldOf), code: part.dataset.code, never: neverWas(part) };
}

export async function showStops(facts, page = document) {
  for (const old of page.querySelectorAll(".told[data-drawn]")) old.remove();
  for (const stop of page.querySelectorAll("[data-told-of]")) {
    const told = tellings(facts, drawnStop(stop)).at(-1);
    if (!told) continue;
    const drawn = line(told);
    drawn.dataset.drawn = "";
    stop.append(drawn);
    const older = stop.querySelector("[data-state]");
    if (older && told.answer === null) older.hidden = true;
    if (told.action === "load" && stop.href) stop.href = `${stop.pathname}?at=door`;
  }
  const withYou = page.querySelector("[data-with-you]");
  if (withYou && facts.some((fact) => fact.answer?.answer !== "refused")) withYou.hidden = false;
  await countStops(facts, page);
}

/* How many stops are left, by what was told here; and the reminder of the last one. */
async function countStops(facts, page) {
  const all = [...page.querySelectorAll("a[data-told-of]")];
  if (all.length === 0) return;
  const stops = all.map((stop) => ({ ...drawnStop(stop), href: stop.pathname, open: "toDo" in stop.dataset }));
  await remember("stops", stops);
  const left = stops.filter((stop) => stop.open && !isDone(facts, stop));
  for (const words of page.querySelectorAll("[data-left]")) {
    if (page.querySelectorAll("[data-left]").length === 1) words.textContent = `${left.length} of ${stops.length} left`;
  }
  for (const notice of page.querySelectorAll("[data-last-one]")) notice.hidden = left.length !== 1 || stops.length < 2;
}

/* The pages of the stops that a fact is about, as far as this phone knows. */
export async function stopsOf(fact) {
  if (fact.job) return [`/run/stops/${fact.job}`];
  const stops = (await setting("stops")) ?? [];
  return stops.filter((stop) => stop.code && plain(stop.code) === plain(fact.code)).map((stop) => stop.href);
}

function isUntouched(facts, stop) {
  return tellings(facts, stop).every((fact) => fact.action === "load");
}

function isDone(facts, stop) {
  return tellings(facts, stop).some((fact) => DONE.has(fact.action));
}

/* On a stop's own page that is older than what was told of it: what was told, instead of the form to tell it. */
export function showThisStop(facts, page = document) {
  const form = page.querySelector("form#act[data-job]");
  if (!form) return;
  for (const old of page.querySelectorAll("[data-drawn-here]")) old.remove();
  const told = tellings(facts, { job: Number(form.dataset.job), code: codeOf(form), never: neverWas(form) });
  const isTold = told.some((fact) => DONE.has(fact.action) || fact.action === form.dataset.fact);
  for (const part of [form, page.querySelector(".phone__sticky")]) {
    if (part) part.hidden = isTold && !("again" in form.dataset);
  }
  if (told.length > 0) form.before(marked(line(told.at(-1))));
  if (form.hidden) form.before(marked(tellAgain(form, () => showThisStop(facts, page))));
}

function marked(part) {
  part.dataset.drawnHere = "";
  return part;
}

function tellAgain(form, then) {
  const button = piece("again");
  button.addEventListener("click", () => {
    form.dataset.again = "";
    then();
    form.querySelector("[name=code]")?.focus();
  });
  return button;
}

/* The stop after this one that nothing was told of; round the day, or today's list. `last`: no other is left. */
export async function nextStop(job, facts) {
  const stops = (await setting("stops")) ?? [];
  const here = stops.findIndex((stop) => stop.job === job);
  const round = [...stops.slice(here + 1), ...stops.slice(0, Math.max(here, 0))];
  const left = round.filter((stop) => stop.open && isUntouched(facts, stop));
  if (left.length === 0) return { href: "/run", last: false };
  const loaded = tellings(facts, left[0]).length > 0;
  return { href: left[0].href + (loaded ? "?at=door" : ""), last: left.length === 1 };
}
