/* Whoever signs out leaves no page of anybody on this phone. What they told and the hub has not answered stays, under
   their number, and is sent when they sign in here again. Woken on every page, for one may sign out from any. */
const PAGES = "doorstep-pages-";
const SIGNED_OUT = new Set(["/sign-in", "/c"]);

export function wakeLeaving(page) {
  if (!("caches" in window)) return;
  if (SIGNED_OUT.has(location.pathname)) forgetPages();
  for (const form of page.querySelectorAll('form[action="/sign-out"]')) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave().finally(() => form.submit());
    });
  }
}

export async function forgetPages() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES)) await caches.delete(name);
  }
}

async function leave() {
  await forgetPages();
  const { letGo } = await import("./facts.js");
  const { within } = await import("./store.js");
  await letGo({ all: true });
  await within("readwrite", (_, settings) => ["person", "token", "stops"].forEach((name) => settings.delete(name)));
}
