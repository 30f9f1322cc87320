/* Wakes the courier's pages: facts are kept before they are sent, pages are kept for when there is no signal. Without a
   secure address (HTTPS) a browser offers none of it, and the pages go on as plain forms. */
import { wakeSounds } from "../sounds.js";
import { countFrom, factsOf, letGo } from "./facts.js";
import { wakeLeaving } from "./leaving.js";
import { showList } from "./list.js";
import { showPill } from "./pill.js";
import { sayHere } from "./saying.js";
import { sendWaiting, whenChanged } from "./sending.js";
import { showStops, showThisStop, stopsOf } from "./stops.js";
import { remember, setting } from "./store.js";
import { wakeForms } from "./telling.js";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const FRESH_MS = 300_000;
const WORKER = "/run/service-worker.js";

wakeLeaving(document);
wakeSounds(document);
const about = document.getElementById("phone");
if (about && isSecureContext && navigator.locks && "indexedDB" in window) {
  wake(about.dataset).catch((error) => console.warn("What was told here cannot be shown.", error));
}

async function wake({ person, now, token }) {
  sayHere();
  const who = person ? Number(person) : await setting("person");
  const phone = {
    person: who,
    send: () => send(phone),
    facts: () => (who ? factsOf(who) : []),
    answerOf: async (id) => (await phone.facts()).find((fact) => fact.id === id)?.answer,
    wait: FIRST_WAIT_MS,
    timer: undefined,
    shown: Promise.resolve(),
  };
  if (person) {
    wakeForms(phone);
    await beginFor(who, Number(now), token);
  }
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

/* One after another, so that the page ends with what is true last. */
function show(phone) {
  phone.shown = phone.shown.catch(() => {}).then(() => draw(phone));
  return phone.shown;
}

async function draw(phone) {
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
  await renewPages(waiting, await phone.facts());
  return ended;
}

/* Keep again the pages that what was just answered has changed. */
async function renewPages(sent, facts) {
  const ids = new Set(sent.map((fact) => fact.id));
  const answered = facts.filter((fact) => ids.has(fact.id) && fact.answer);
  if (answered.length === 0) return;
  const pages = await Promise.all(answered.map(stopsOf));
  (await worker())?.postMessage({ pages: [...new Set(["/run", "/run/hub", ...pages.flat()])] });
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
  const pages = JSON.parse(document.querySelector("[data-keep-pages]")?.dataset.keepPages ?? "[]");
  const files = document.querySelector("[data-scan-files]")?.dataset.scanFiles.split(" ").filter(Boolean) ?? [];
  if (pages.length > 0) {
    navigator.storage?.persist?.();
    navigator.serviceWorker.addEventListener("message", (event) => {
      document.querySelector("[data-on-phone]").hidden = !event.data.kept;
    });
  }
  const { active } = await navigator.serviceWorker.ready;
  if (pages.length > 0 || files.length > 0) active.postMessage({ pages, files, older: FRESH_MS, day: pages.length > 0 });
}
