/* The pages kept on the phone. The hub says of each until when: it is never shown for longer, and is deleted as soon as
   anybody looks. With signal a page comes from the hub; what is kept is for when that takes too long. */
import { forgetPages } from "./leaving.js";
import { learnTheTime } from "./sending.js";

const PAGES = "doorstep-pages-";
const STOPS = "/run/stops/";
const PATIENCE_MS = 3_000;
const CLOCK_SLACK_MS = 3_600_000;
const GONE = new Set([403, 404, 410]);

export async function page(event, files, away) {
  const path = pathOf(event.request.url);
  await letGoOfTheOutdated();
  const kept = await keptPage(path);
  const fresh = fetch(event.request).then(async (response) => {
    event.waitUntil(keepOrForget(path, response.clone()));
    if (response.status >= 500) throw new Error("The hub is not there.");
    return response;
  });
  event.waitUntil(fresh.catch(() => {}));
  if (!kept) return fresh.catch(() => awayFrom(files, away));
  return Promise.race([fresh, after(PATIENCE_MS, kept)]).catch(() => kept);
}

export async function awayFrom(files, away) {
  const cache = await caches.open(files);
  return (await cache.match(away)) ?? Response.error();
}

/* Ask for pages and keep them; those that were kept less than `older` milliseconds ago are left as they are. */
export async function askForPages(paths, older, client) {
  let all = true;
  for (const path of paths) {
    const kept = await keptPage(path);
    if (kept && Date.now() - Number(kept.headers.get("X-Doorstep-Kept")) < older) continue;
    try {
      const response = await fetch(path, { credentials: "same-origin" });
      await keepOrForget(path, response);
      all &&= (await keptPage(path)) !== undefined;
    } catch {
      all = all && kept !== undefined;
    }
  }
  client?.postMessage({ kept: all });
}

/* Of stops that a day's list does not have any more (the run is somebody else's by now) nothing stays on this phone. A
   stop may have a second page, at its address with a question mark, which stays as long as the stop does. */
export async function letGoOfOtherStops(paths) {
  const listed = new Set(paths.map((path) => path.split("?")[0]));
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith(STOPS) && !listed.has(pathname)) await cache.delete(request);
    }
  }
}

async function keepOrForget(path, response) {
  if (response.redirected || response.type === "opaqueredirect") return forgetPages();
  await learnTheTime(response);
  if (GONE.has(response.status)) return forget(path);
  const { headers } = response;
  if (response.status !== 200 || !headers.has("X-Doorstep-Until")) return undefined;
  const name = PAGES + headers.get("X-Doorstep-Person");
  for (const other of await caches.keys()) {
    if (other.startsWith(PAGES) && other !== name) await caches.delete(other);
  }
  const kept = new Headers(headers);
  kept.set("X-Doorstep-Kept", String(Date.now()));
  const cache = await caches.open(name);
  await cache.put(path, new Response(await response.blob(), { headers: kept })).catch(() => {});
}

async function keptPage(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(path);
    if (found && !isOutdated(found)) return found;
  }
  return undefined;
}

async function forget(path) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES)) await (await caches.open(name)).delete(path);
  }
}

export async function letGoOfTheOutdated() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const found = await cache.match(request);
      if (found && isOutdated(found)) await cache.delete(request);
    }
  }
}

/* The hub's moment, reckoned from when the page came. A clock that went back says nothing, so the page goes too. */
function isOutdated(response) {
  const [until, now, kept] = ["Until", "Now", "Kept"].map((name) => Number(response.headers.get(`X-Doorstep-${name}`)));
  const since = Date.now() - kept;
  return since < -CLOCK_SLACK_MS || since >= until - now;
}

function pathOf(address) {
  const url = new URL(address);
  return url.pathname + url.search;
}

function after(milliseconds, value) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, value));
}
