/* The desk with scripts: scans are answered in place, Escape is the card that stops, and a card that was scanned on
   another page is answered as soon as this one is open. Everything works without this file. */
import { scanned, wakeScanLine } from "./scanline.js";

const scanner = document.getElementById("scanner");
wakeScanLine(document);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.closest("dialog, details[open]")) return;
  if (scanner.elements.scan.value) scanner.elements.scan.value = "";
  else if (document.querySelector("[data-mode]")?.dataset.mode !== "find") scanned(scanner, "DESK-STOP");
});

const brought = location.hash.match(/^#scan=([A-Z0-9-]+)$/);
if (brought) {
  history.replaceState(null, "", location.pathname);
  scanned(scanner, brought[1]);
}
