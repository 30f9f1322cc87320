/* The code on a label, read as the hub reads it (fleet/tags/rules.py), so that a slip is caught before anything is told. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH = 6;
const FIRST_GROUP = 4;
const REDUCTION = 0b100101;
const WEIGHTS = [30, 19, 4, 20, 13, 1];
const NEVER_USED = { I: "1, J or L", 1: "7, J or L", O: "Q or D", 0: "Q or D" };

/** What was typed or scanned: `code` when it checks, else `problem`, the sentence that says what to look at again. */
export function readCode(text) {
  const bare = bareOf(text);
  if (isAnotherAddress(text)) {
    return wrong("This is the address of something else. Scan the square on our label, or type the code.");
  }
  if (!bare.length) return wrong("Type the code under the square on the label, such as K7F3-QX.");
  if (bare.length !== LENGTH) {
    return wrong(`A code has ${LENGTH} characters, such as K7F3-QX; this has ${bare.length}.`);
  }
  const odd = bare.findIndex((each) => !ALPHABET.includes(each));
  if (odd >= 0) return wrong(whyOdd(bare[odd], odd + 1));
  const code = bare.join("");
  if (fits(code)) return { code, problem: "" };
  return wrong(`${shown(code)} does not check: one character was misread, or two changed places. Look at each again.`);
}

/** Six characters of the alphabet, of which the last checks the others. */
export function fits(code) {
  return [...code].reduce((sum, each, place) => sum ^ times(ALPHABET.indexOf(each), WEIGHTS[place]), 0) === 0;
}

/** As people see it: K7F3-QX. */
export function shown(code) {
  return `${code.slice(0, FIRST_GROUP)}-${code.slice(FIRST_GROUP)}`;
}

function wrong(problem) {
  return { code: "", problem };
}

function whyOdd(letter, place) {
  const maybe = NEVER_USED[letter];
  if (!maybe) return `Character ${place} is '${letter}'; a code has only letters and digits.`;
  return (
    `No code has the letters I and O or the digits 0 and 1. Look again at character ${place}: ` +
    `it reads ${letter}, and may be ${maybe}.`
  );
}

function partsOf(text) {
  return text.trim().replace(/\/+$/, "").split("/");
}

function bareOf(text) {
  return [...partsOf(text).at(-1).toUpperCase()].filter((each) => !/[ \-\u2010-\u2014_.]/.test(each));
}

function isAnotherAddress(text) {
  const parts = partsOf(text.toUpperCase());
  return parts.length > 1 && parts.at(-2) !== "T";
}

/* The product of two elements of the field of 32. */
function times(left, right) {
  let product = 0;
  for (let bit = 0; bit < 5; bit += 1) if ((right >> bit) & 1) product ^= left << bit;
  for (let bit = 8; bit > 4; bit -= 1) if ((product >> bit) & 1) product ^= REDUCTION << (bit - 5);
  return product;
}
