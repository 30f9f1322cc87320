/* What happens when a thumb tells something: it is written to the phone, then sent if there is signal, and then the
   courier is shown what the hub said, or that it is kept. Nothing typed is cleared before it was written. A browser that keeps
   nothing (a private window of some) posts its form as one without scripts does. */
import { keepFact } from "./facts.js";
import { factOf, lacking } from "./form.js";
import { askToSignIn, refuse, sayThere } from "./saying.js";
import { sayChanged, sendWaiting } from "./sending.js";
import { nextStop } from "./stops.js";

const MOMENT_MS = 6_000;
const KEPT = "Kept on this phone. It is sent when there is signal.";

export function wakeForms(phone) {
  for (const form of document.querySelectorAll("form[data-fact]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.ariaBusy === "true") return;
      form.ariaBusy = "true";
      try {
        await tell(form, phone);
      } finally {
        form.ariaBusy = null;
      }
    });
  }
}

async function tell(form, phone) {
  const told = factOf(form, phone.person);
  const problem = lacking(form, told);
  if (problem) return refuse(problem, form);
  let fact;
  try {
    fact = await keepWithRoom(told);
  } catch (error) {
    if (error?.name !== "QuotaExceededError" && navigator.onLine) return form.submit();
    return refuse(notKept(told, error), form);
  }
  sayChanged();
  const ended = await Promise.race([phone.send(), new Promise((then) => setTimeout(then, MOMENT_MS, "later"))]);
  const answer = await phone.answerOf(fact.id);
  if (answer) return heard(answer, form);
  if (ended === "signed-out") return askToSignIn();
  return goOn(form, await phone.facts());
}

function heard(answer, form) {
  if (answer.answer !== "applied" && answer.answer !== "already") return refuse(answer.sentence, form);
  go(form.dataset.onward ?? "/run", answer.sentence);
}

/* Without an answer: on to the next stop, for the courier is not to wait at a door. */
async function goOn(form, facts) {
  const { job, onward } = form.dataset;
  const next = job && form.dataset.fact !== "load" ? await nextStop(Number(job), facts) : { href: onward ?? "/run" };
  go(next.href, next.last ? `${KEPT} One stop is left: record it too, even if nobody is in.` : KEPT);
}

function go(address, sentence) {
  sayThere(sentence);
  if (address === location.pathname + location.search) location.reload();
  else location.assign(address);
}

/* A full disk: the kept pages other than this one are given up, and it is tried once more. */
async function keepWithRoom(told) {
  try {
    return await keepFact(told);
  } catch (error) {
    if (error?.name !== "QuotaExceededError") throw error;
    await makeRoom();
    return keepFact(told);
  }
}

async function makeRoom() {
  const here = location.pathname + location.search;
  for (const name of await caches.keys()) {
    if (!name.startsWith("doorstep-pages-")) continue;
    const cache = await caches.open(name);
    for (const page of await cache.keys()) if (!page.url.endsWith(here)) await cache.delete(page);
  }
}

function notKept(told, error) {
  const full = error?.name === "QuotaExceededError";
  const why = full ? "This phone has no room left" : "This phone did not keep it";
  return (
    `${why}, so ${told.code} is not told yet. Leave this page open. Write down ${told.code} and the time. ` +
    `${full ? "Make room on the phone (photos, apps), then press again" : "Press again"}, or ring the hub.`
  );
}
