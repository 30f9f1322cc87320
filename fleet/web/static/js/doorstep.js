/* Wakes the parts of a page that are better with scripts. Every page works without this file. */
import { initAll } from "../vendor/govuk-frontend.min.js";
import { wakeCopying } from "./copying.js";
import { wakeKeys } from "./keys.js";
import { wakeLive } from "./live.js";
import { wakeLeaving } from "./phone/leaving.js";
import { wakePlace } from "./place.js";
import { wakeScanner } from "./scanner.js";
import { wakeSounds } from "./sounds.js";

initAll();
wakeCopying(document);
wakeKeys(document);
wakePlace(document);
wakeLive(document);
wakeLeaving(document);
wakeScanner(document);
wakeSounds(document);
document.addEventListener("htmx:load", (event) => wakeCopying(event.target));
