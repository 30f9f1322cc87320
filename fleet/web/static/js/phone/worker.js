/* The service worker: it answers for pages and files when there is no signal, and sends what waits when the browser says
   that there is one again. `serve` is called by the script at /run/service-worker.js with what to keep. */
import { askForPages, awayFrom, letGoOfOtherStops, letGoOfTheOutdated, page } from "./keeping.js";
import { sendWaiting } from "./sending.js";
import { setting } from "./store.js";

const SCANNING_WORKER = "/run/scanning-worker.js";
const FILES = "doorstep-files-";

export function serve({ version, files, away }) {
  const cacheName = FILES + version;

  self.addEventListener("install", (event) => event.waitUntil(install(cacheName, files, away)));
  self.addEventListener("activate", (event) => event.waitUntil(activate(cacheName)));
  self.addEventListener("message", (event) => {
    event.waitUntil(keep(event.data, event.source, cacheName));
  });
  self.addEventListener("sync", (event) => event.waitUntil(sendOrTryAgain()));
  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (url.origin !== location.origin) return;
    const { method, mode } = event.request;
    if (isFile(url) && method === "GET") event.respondWith(file(event.request, cacheName));
    else if (!isOurs(url) || mode !== "navigate") return;
    else if (method === "GET") event.respondWith(page(event, cacheName, away));
    else event.respondWith(fetch(event.request).catch(() => awayFrom(cacheName, away)));
  });
  letGoOfTheOutdated();
}

function isFile({ pathname }) {
  return pathname.startsWith("/static/") || pathname === SCANNING_WORKER;
}

function isOurs(url) {
  return url.pathname === "/run" || url.pathname.startsWith("/run/");
}

async function install(cacheName, files, away) {
  const cache = await caches.open(cacheName);
  await bringAlong(cache);
  await cache.addAll([...files, new Request(away, { credentials: "omit" })]);
  await self.skipWaiting();
}

async function activate(cacheName) {
  for (const name of await caches.keys()) {
    if (name.startsWith(FILES) && name !== cacheName) await caches.delete(name);
  }
  await letGoOfTheOutdated();
  await self.clients.claim();
}

/* A file of the app: the kept one, or fetched and kept. What has the mark of its content never changes. */
async function file(request, cacheName) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request.url, response.clone()).catch(() => {});
  return response;
}

/* What is large has the mark of its content, so an earlier version's is as good. */
async function bringAlong(cache) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(FILES)) continue;
    const earlier = await caches.open(name);
    for (const request of await earlier.keys()) {
      if (request.url.includes("/static/vendor/") && request.url.includes("?v=")) {
        await cache.put(request, await earlier.match(request));
      }
    }
  }
}

/* First the pages, which with `day` are all that there are of a day; then what a scan needs, which is most of what this app weighs. */
async function keep({ pages = [], older = 0, files = [], day = false }, client, cacheName) {
  if (day) await letGoOfOtherStops(pages);
  if (pages.length > 0) await askForPages(pages, older, client);
  const cache = await caches.open(cacheName);
  for (const address of files) if (!(await cache.match(address))) await cache.add(address).catch(() => {});
}

/* Background Sync: a rejected promise makes the browser try again later. */
async function sendOrTryAgain() {
  const ended = await sendWaiting(await setting("person"));
  if (ended === "later") throw new Error("There is no signal yet.");
}
