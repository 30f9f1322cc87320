/* Sends what waits, in the order it was told, and keeps what the hub answers. Any number of tabs and the service worker
   may ask for it: one sends at a time. The same fact sent twice gets the same answer, so nothing here has to be certain
   that an answer arrived. */
import { factsOf, keepAnswers, photoIsSent, waitingOf } from "./facts.js";
import { remember, setting } from "./store.js";

const MOST_AT_ONCE = 50;
const PATIENCE_MS = 15_000;
const NOT_THERE = new Set([200, 429, 502, 503, 504]);
/* 200 without answers is a network's own page that asks to sign in there. */
const TRIED_AGAIN = new Set([409, 500]);
const CHANNEL = "doorstep-told";

/* How a try to send ended: "sent" (nothing waits), "later" (no signal, or the hub is not there), "signed-out". */
export async function sendWaiting(person) {
  if (!person) return "later";
  const ended = await navigator.locks.request("doorstep-sending", () => send(person));
  sayChanged();
  return ended === "stuck" ? "later" : ended;
}

/* Tell every open page, this one too, that facts changed. */
export function sayChanged() {
  new BroadcastChannel(CHANNEL).postMessage("changed");
}

/* Call `then` whenever facts changed on this phone, here or in another tab. */
export function whenChanged(then) {
  new BroadcastChannel(CHANNEL).addEventListener("message", then);
}

async function send(person) {
  for (;;) {
    const waiting = (await waitingOf(person)).slice(0, MOST_AT_ONCE);
    if (waiting.length === 0) return sendPhotos(person);
    const ended = await sendBatch(person, waiting);
    if (ended !== "sent") return ended;
  }
}

/* A batch that the hub cannot take is sent one by one: one fact never holds up another. */
async function sendBatch(person, facts) {
  const response = await post(person, { facts: facts.map(asSent) });
  if (response?.status === 200 && response.body.answers) return keep(facts, response.body.answers);
  if (response?.status === 401) return signedOut();
  if (!response || NOT_THERE.has(response.status)) return "later";
  if (facts.length > 1) return sendEach(person, facts);
  return TRIED_AGAIN.has(response.status) ? "stuck" : keep(facts, [unread(facts[0], response.body)]);
}

async function sendEach(person, facts) {
  let ended = "sent";
  for (const fact of facts) {
    const one = await sendBatch(person, [fact]);
    if (one === "stuck") ended = "later";
    else if (one !== "sent") return one;
  }
  return ended;
}

async function keep(facts, answers) {
  await keepAnswers(answers);
  await remember("signed_out", false);
  const answered = new Set(answers.map((each) => each.id));
  return facts.every((fact) => answered.has(fact.id)) ? "sent" : "later";
}

async function signedOut() {
  await remember("signed_out", true);
  return "signed-out";
}

/* What the hub says of a fact that it could not read. It stays on the phone, with all that was told. */
function unread(fact, problem) {
  const sentence = `${problem?.message ?? "The hub could not read this."} Ring the hub, and tell them code and time.`;
  return { id: fact.id, answer: "refused", reason: problem?.code ?? "unreadable", sentence, unread: true };
}

function asSent({ id, code, action, occurred_at, sequence, clock_offset_ms, run, details }) {
  return { id, code, action, occurred_at, sequence, clock_offset_ms, run, details };
}

/* The answer with its JSON, or nothing when there is no signal or somebody else than the hub answered. */
async function post(person, asked) {
  try {
    const response = await fetch("/api/v1/scans", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Doorstep-Person": person },
      body: JSON.stringify(asked),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await learnTheTime(response);
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}

/* By how much this phone's clock is ahead of the hub's. */
export async function learnTheTime(response) {
  const now = Number(response.headers.get("X-Doorstep-Now"));
  if (now) await remember("clock_offset_ms", Math.round(Date.now() - now));
}

/* A photo goes once the hub knows the fact it belongs to. */
async function sendPhotos(person) {
  for (const fact of await factsOf(person)) {
    if (!fact.photo || !fact.photo_to || !fact.answer) continue;
    const form = new FormData();
    form.set("csrf_token", (await setting("token"))?.token ?? "");
    form.set("photo", fact.photo);
    try {
      const to = fact.photo_to.replace("{id}", fact.id);
      const response = await fetch(to, { method: "POST", body: form, signal: AbortSignal.timeout(4 * PATIENCE_MS) });
      if (response.status === 401) return signedOut();
      if (response.status === 403 || response.status === 429 || response.status >= 500) return "later";
    } catch {
      return "later";
    }
    await photoIsSent(fact.id);
  }
  return "sent";
}
