/* Facts: what a courier told with a thumb. One is written once, sent until it was answered, and kept without its details
   until the day is over, so that the day's list can be shown. Nothing is deleted before it was answered. */
import { got, within } from "./store.js";

/* Write what was told; gives the fact as it is kept. Its place in the count is taken in the same transaction. */
export function keepFact(told) {
  return within("readwrite", async (facts, settings) => {
    const sequence = ((await got(settings.get("sequence"))) ?? 0) + 1;
    const offset = (await got(settings.get("clock_offset_ms"))) ?? 0;
    const now = new Date();
    const fact = {
      id: crypto.randomUUID(),
      occurred_at: now.toISOString(),
      told_at: now.getTime(),
      sequence,
      clock_offset_ms: offset,
      answer: null,
      ...told,
    };
    settings.put(sequence, "sequence");
    await got(facts.add(fact));
    return fact;
  });
}

/* The count goes on from what the hub knows, so that a phone that was emptied does not begin again at one. */
export function countFrom(known) {
  return within("readwrite", async (_, settings) => {
    const sequence = (await got(settings.get("sequence"))) ?? 0;
    if (known > sequence) settings.put(known, "sequence");
  });
}

/* All that this person told on this phone and that is still kept, in the order it was told. */
export async function factsOf(person) {
  const all = await within("readonly", (facts) => got(facts.getAll()));
  return all.filter((fact) => fact.person === person).sort((a, b) => a.sequence - b.sequence);
}

export async function waitingOf(person) {
  return (await factsOf(person)).filter((fact) => fact.answer === null);
}

/* What the hub said, beside the fact. Its details are not needed any more, except of one that could not be read. */
export function keepAnswers(answers) {
  return within("readwrite", async (facts) => {
    for (const answer of answers) {
      const fact = await got(facts.get(answer.id));
      if (!fact) continue;
      fact.answer = answer;
      if (!answer.unread) fact.details = {};
      await got(facts.put(fact));
    }
  });
}

export function photoIsSent(id) {
  return within("readwrite", async (facts) => {
    const fact = await got(facts.get(id));
    if (!fact) return;
    delete fact.photo;
    await got(facts.put(fact));
  });
}

/* Let go of what was answered: on days before today, or (when somebody leaves the phone) at all. */
export function letGo({ all = false } = {}) {
  const today = new Date().toDateString();
  return within("readwrite", async (facts) => {
    for (const fact of await got(facts.getAll())) {
      const over = all || new Date(fact.told_at).toDateString() !== today;
      if (fact.answer && !fact.photo && over) facts.delete(fact.id);
    }
  });
}
