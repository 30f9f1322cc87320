/* The decoder, begun with the first scan of a page and kept for the next. One picture at a time. */
let begun;

/** `files`: addresses of the worker, the decoder and its program. Rejects where the browser cannot run it. */
export function decoder(files) {
  begun ??= begin(files).catch((error) => {
    begun = undefined;
    throw error;
  });
  return begun;
}

async function begin({ worker, decoder, program }) {
  const thread = new Worker(worker);
  const waiting = [];
  thread.onmessage = ({ data }) => {
    const next = waiting.shift();
    if (data.problem) next?.reject(new Error(data.problem));
    else next?.resolve(data.text ?? "");
  };
  thread.onerror = (event) => {
    event.preventDefault();
    waiting.splice(0).forEach((each) => each.reject(new Error(event.message)));
  };
  const ask = (message, moved = []) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      thread.postMessage(message, moved);
    });
  const [source, binary] = await Promise.all([fetched(decoder, "text"), fetched(program, "arrayBuffer")]);
  const script = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  await ask({ script, binary }, [binary]);
  return { read: (picture) => ask({ picture }, [picture.data.buffer]) };
}

/* Fetched by the page and not by the thread: a page without signal is answered from what the phone keeps. */
async function fetched(address, as) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} was not there`);
  return response[as]();
}
