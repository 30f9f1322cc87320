/* The grey pill in the bar: how much waits to be sent. Having no signal is nothing to worry about, so it looks the same. */
export function showPill(facts, signedOut, page = document) {
  const pill = page.querySelector("[data-pill]");
  const waiting = facts.filter((fact) => fact.answer === null).length;
  const words = wordsFor(waiting, facts.length, signedOut);
  pill.hidden = words === "";
  pill.href = waiting > 0 && signedOut ? "/c" : "/run/waiting";
  const said = pill.querySelector("[data-pill-words]");
  if (said.textContent !== words) said.textContent = words;
}

function wordsFor(waiting, told, signedOut) {
  if (waiting > 0 && signedOut) return `Sign in to send ${waiting}`;
  if (waiting > 0) return `${waiting} waiting to send`;
  if (!navigator.onLine) return "No signal";
  return told > 0 ? "All sent" : "";
}
