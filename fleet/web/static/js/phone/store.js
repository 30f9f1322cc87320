/* The phone's own database: the facts told here, and what has to be remembered to tell them. Nothing of a person whom
   anybody visits is in it. A change has reached the disk before its promise is kept. */
const NAME = "doorstep";
const VERSION = 1;
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("facts", { keyPath: "id" });
      asked.result.createObjectStore("settings");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = asked.result.onclose = () => forgetConnection(asked.result);
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

function forgetConnection(database) {
  database.close();
  opened = undefined;
}

/* The result of one request of a transaction. */
export function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* Do `work` with both stores in one transaction: all of it counts, or none. */
export async function within(mode, work) {
  const database = await open();
  const transaction = database.transaction(["facts", "settings"], mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  done.catch(() => {});
  try {
    const result = await work(transaction.objectStore("facts"), transaction.objectStore("settings"));
    await done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      /* it is over already */
    }
    throw transaction.error ?? error;
  }
}

export function setting(name) {
  return within("readonly", (_, settings) => got(settings.get(name)));
}

export function remember(name, value) {
  return within("readwrite", (_, settings) => got(settings.put(value, name)));
}
