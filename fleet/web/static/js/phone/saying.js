/* Sentences on a phone's page: a refusal in large words where the courier looks, and what was just done on the next
   page. The pieces are templates in deliveries/phone.html. */
const SAID = "doorstep.said";

export function piece(name) {
  return document.getElementById(`phone-${name}`).content.firstElementChild.cloneNode(true);
}

export function refuse(sentence, form) {
  const main = document.querySelector("main");
  for (const old of main.querySelectorAll(".refusal, .flash")) old.remove();
  const box = piece("refusal");
  box.querySelector("p").textContent = sentence;
  main.prepend(box);
  form.querySelector("[name=code]")?.setAttribute("aria-invalid", "true");
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

export function sayHere() {
  const sentence = sessionStorage.getItem(SAID);
  if (!sentence) return;
  sessionStorage.removeItem(SAID);
  const flash = piece("said");
  document.querySelector("main").prepend(flash);
  /* filled after it stands there, so that a screen reader speaks it */
  requestAnimationFrame(() => (flash.querySelector("p").textContent = sentence));
}
