/* What a label means at this stop, said before anything is told: the right one, another, one that is done, none of ours.
   The hub judges again; this is so that a courier without signal is stopped in time. */
import { readCode, shown } from "./code.js";

const FOREIGN = "This square is not one of our labels. Scan the one with a code beside it.";

/** `wanted`: {expected: codes that belong here, done: {code: when it was done, in words}}. With nothing expected the hub
    decides alone. */
export function verdict(text, { expected, done }) {
  const { code, problem } = readCode(text);
  if (!code) return { kind: "unread", code: "", sentence: problem };
  const words = shown(code);
  if (!expected.length || expected.includes(words)) return { kind: "right", code: words, sentence: `${words}. Right.` };
  if (done[words]) return { kind: "already", code: words, sentence: done[words] };
  return { kind: "wrong", code: words, sentence: whatInstead(words, expected) };
}

/** The same for what a camera saw: a square that says something else is spoken of as one. */
export function verdictOfSquare(text, wanted) {
  const found = verdict(text, wanted);
  return found.kind === "unread" ? { ...found, sentence: FOREIGN } : found;
}

/** What a field says of itself, as `verdict` wants it. */
export function wantedAt(field) {
  const expected = (field.dataset.expected ?? "").split(" ").filter(Boolean);
  return { expected, done: JSON.parse(field.dataset.done || "{}") };
}

function whatInstead(words, expected) {
  if (expected.length > 1) return `This is ${words}, which is not one of these. Put it back.`;
  return `This is ${words}, for someone else. Put it back and scan ${expected[0]}.`;
}
