/* The page that lists what this phone told today, each with its time, its code and what the hub said. */
import { line, timeOf } from "./stops.js";

export function showList(facts, phone, page = document) {
  const list = page.querySelector("[data-told-list]");
  if (!list) return;
  list.replaceChildren(...facts.toReversed().map(row));
  page.querySelector("[data-nothing-told]").hidden = facts.length > 0;
  const send = page.querySelector("[data-send-now]");
  send.hidden = facts.every((fact) => fact.answer !== null);
  send.closest(".phone__sticky").hidden = send.hidden;
  send.onclick = () => phone.send();
}

function row(fact) {
  const item = document.createElement("li");
  item.className = "stop";
  const head = document.createElement("p");
  head.className = "stop__head";
  head.append(words("span", fact.code, "code"), words("span", timeOf(fact)));
  item.append(head, line(fact));
  if (fact.answer) item.append(words("p", fact.answer.sentence));
  if (fact.photo) item.append(words("p", "Its photo waits too.", "quiet"));
  return item;
}

function words(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}
