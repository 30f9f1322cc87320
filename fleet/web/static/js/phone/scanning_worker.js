/* Reads squares off the page's own thread, so that the picture never stutters. A classic worker: the decoder is one. */
self.onmessage = async ({ data }) => {
  try {
    if (data.script) return await begin(data);
    const found = await ZXingWASM.readBarcodes(data.picture, {
      formats: ["QRCode"],
      tryHarder: true,
      maxNumberOfSymbols: 1,
    });
    self.postMessage({ text: found.find((each) => each.isValid)?.text ?? "" });
  } catch (error) {
    self.postMessage({ problem: String(error) });
  }
};

async function begin({ script, binary }) {
  importScripts(script);
  await ZXingWASM.prepareZXingModule({ overrides: { wasmBinary: binary }, fireImmediately: true });
  self.postMessage({ ready: true });
}
