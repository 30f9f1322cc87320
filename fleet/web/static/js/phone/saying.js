/* Sentences on a phone's page: a refusal in large words where the courier looks, and what was just done on the next
   page. The pieces are templates in deliveries/phone.html. */
const SAID = "doorstep.said";

export function piece(name) {
  return document.getElementById(`phone-${name}`).content.firstElementChild.cloneNode(true);
}

export function refuse(sentence, form) {
  const box = piece("refusal");
  box.querySelector("p").textContent = sentence;
  sayFirst(box);
  form.querySelector("[name=code]")?.setAttribute("aria-invalid", "true");
}

/* There is signal, but the sign-in has ended: what was told waits, and goes once they are in again. */
export function askToSignIn() {
  sayFirst(piece("sign-in"));
}

function sayFirst(box) {
  const main = document.querySelector("main");
  for (const old of main.querySelectorAll(".refusal, .flash, [data-sign-in]")) old.remove();
  main.prepend(box);
  box.focus();
}

/* Say it on the page that is shown next. */
export function sayThere(sentence) {
  try {
    sessionStorage.setItem(SAID, sentence);
  } catch {
    /* the list of what was told says it too */
  }
}

/* Called before anything is waited for: it moves what stands below it, which a thumb may be about to press. */
export function sayHere() {
  const sentence = sessionStorage.getItem(SAID);
  if (!sentence) return;
  sessionStorage.removeItem(SAID);
  const flash = piece("said");
  const words = flash.querySelector("p");
  words.textContent = sentence;
  document.querySelector("main").prepend(flash);
  /* set once more after it stands there, so that a screen reader speaks it */
  requestAnimationFrame(() => (words.textContent = sentence));
}
