/* Shows how far a large file has been sent. Without this file the same form is sent by the browser alone. */
const FAILED = "The connection was lost, so nothing was imported. Check the network, then send it again.";

for (const place of document.querySelectorAll("[data-upload-progress]")) {
  place.closest("form").addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    send(form, place);
  });
}

function send(form, place) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("[type=submit], button:not([type=button])");
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => show(place, event.loaded / event.total));
  request.upload.addEventListener("load", () => tell(place, "Sent. Its signature is being checked…"));
  request.addEventListener("load", () => replacePage(request));
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

/* The answer is a whole page: the app's own, or this form with what to mend. Asking for it again would lose its words. */
function replacePage(request) {
  history.pushState(null, "", request.responseURL);
  document.open();
  document.write(request.responseText);
  document.close();
}
