/* Wakes the courier's pages: facts are kept before they are sent, pages are kept for when there is no signal. Without a
   secure address (HTTPS) a browser offers none of it, and the pages go on as plain forms. */
import { countFrom, factsOf, letGo } from "./facts.js";
import { showList } from "./list.js";
import { showPill } from "./pill.js";
import { sayHere } from "./saying.js";
import { sendWaiting, whenChanged } from "./sending.js";
import { showStops, showThisStop } from "./stops.js";
import { remember, setting } from "./store.js";
import { wakeForms } from "./telling.js";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const FRESH_MS = 300_000;
const WORKER = "/run/service-worker.js";

const about = document.getElementById("phone");
if (about && isSecureContext && navigator.locks && "indexedDB" in window) wake(about.dataset);

async function wake({ person, now, token }) {
  const who = person ? Number(person) : await setting("person");
  const phone = {
    person: who,
    send: () => send(phone),
    facts: () => (who ? factsOf(who) : []),
    answerOf: async (id) => (await phone.facts()).find((fact) => fact.id === id)?.answer,
    wait: FIRST_WAIT_MS,
    timer: undefined,
  };
  if (person) {
    wakeForms(phone);
    await beginFor(who, Number(now), token);
  }
  sayHere();
  whenChanged(() => show(phone));
  for (const event of ["online", "offline"]) addEventListener(event, () => show(phone));
  for (const event of ["online", "pageshow"]) addEventListener(event, () => sendSoon(phone));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendSoon(phone));
  await show(phone);
  await Promise.all([sendSoon(phone), keepPages()]);
}

async function beginFor(who, now, token) {
  await remember("person", who);
  const known = await setting("token");
  if (!known || known.now <= now) await remember("token", { now, token });
  const counted = document.querySelector("[data-sequence]")?.dataset.sequence;
  if (counted) await countFrom(Number(counted));
  await letGo();
}

async function show(phone) {
  const facts = await phone.facts();
  showPill(facts, await setting("signed_out"));
  await showStops(facts);
  showThisStop(facts);
  showList(facts, phone);
}

function sendSoon(phone) {
  phone.wait = FIRST_WAIT_MS;
  return phone.send();
}

/* Send what waits; while it cannot be sent, try again later and later, and leave it to the browser too. */
async function send(phone) {
  clearTimeout(phone.timer);
  const waiting = (await phone.facts()).filter((fact) => fact.answer === null);
  if (waiting.length === 0 && !(await phone.facts()).some((fact) => fact.photo)) return "sent";
  const ended = await sendWaiting(phone.person);
  if (ended === "later") {
    phone.timer = setTimeout(() => phone.send(), phone.wait);
    phone.wait = Math.min(phone.wait * 2, LONGEST_WAIT_MS);
    await askToSync();
  }
  const told = new Set(waiting.map((fact) => fact.id));
  const answered = (await phone.facts()).filter((fact) => told.has(fact.id) && fact.answer);
  if (answered.length > 0) {
    const stops = new Set(answered.filter((fact) => fact.job).map((fact) => `/run/stops/${fact.job}`));
    (await worker())?.postMessage({ keep: ["/run", "/run/hub", ...stops] });
  }
  return ended;
}

async function askToSync() {
  try {
    await (await navigator.serviceWorker?.getRegistration("/run"))?.sync?.register("doorstep-told");
  } catch {
    /* the page itself goes on trying */
  }
}

/* The service worker in charge, once there is one; this browser may not have any. */
async function worker() {
  return (await navigator.serviceWorker?.getRegistration("/run"))?.active;
}

async function keepPages() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(WORKER, { scope: "/run", type: "module", updateViaCache: "none" });
  } catch {
    return;
  }
  const list = document.querySelector("[data-keep]");
  if (!list) return;
  navigator.storage?.persist?.();
  navigator.serviceWorker.addEventListener("message", (event) => {
    document.querySelector("[data-on-phone]").hidden = !event.data.kept;
  });
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage({ keep: JSON.parse(list.dataset.keep), older: FRESH_MS });
}
