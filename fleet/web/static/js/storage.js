/* What this browser remembers of a person's choices; private windows that forbid it only forget. */
export function remembered(name, otherwise) {
  try {
    return localStorage.getItem(`doorstep.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`doorstep.${name}`, value);
  } catch {
    /* forgotten at the next page, and nothing else is lost */
  }
}
