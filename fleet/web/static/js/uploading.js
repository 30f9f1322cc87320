/* Shows how far a large file has been sent. Without this file the same form is sent by the browser alone. */
import { initAll } from "../vendor/govuk-frontend.min.js";

const FAILED = "The connection was lost, so nothing was imported. Check the network, then send it again.";
const STAY = "X-Doorstep-Stay"; // the server then answers 201 and where to go, for a redirect would be followed unseen

function wake(root) {
  for (const place of root.querySelectorAll("[data-upload-progress]")) {
    place.closest("form").addEventListener("submit", (event) => {
      if (!event.target.querySelector("input[type=file]").files.length) return;
      event.preventDefault();
      send(event.target, place);
    });
  }
}

function send(form, place) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("[type=submit], button:not([type=button])");
  request.open("POST", form.action);
  request.setRequestHeader(STAY, "1");
  request.upload.addEventListener("progress", (event) => show(place, event.loaded / event.total));
  request.upload.addEventListener("load", () => tell(place, "Sent. Its signature is being checked…"));
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => {
    button.disabled = false;
    tell(place, FAILED);
  });
  button.disabled = true;
  place.hidden = false;
  request.send(new FormData(form));
}

function show(place, part) {
  const percent = Math.round(100 * part);
  place.querySelector("progress").value = percent;
  place.querySelector(".progress__number").textContent = `${percent} %`;
}

function tell(place, words) {
  place.querySelector("[data-upload-words]").textContent = words;
}

function answered(request) {
  const onward = request.getResponseHeader("Location");
  if (onward) return window.location.assign(onward);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = document.querySelector("main");
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  initAll({ scope: main }); // the list of what to mend takes the focus
  wake(main);
}

wake(document);
