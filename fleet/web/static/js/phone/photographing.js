/* A photo for a fact, made small on the phone before it is kept: a courier's data is their own. */
const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

for (const place of document.querySelectorAll("[data-photo]")) wake(place);

/* Only a phone that keeps facts can send a photo after them. */
function wake(place) {
  const field = place.querySelector("input[type=file]");
  if (!isSecureContext || !("indexedDB" in window) || !navigator.locks) return;
  place.hidden = false;
  field.disabled = false;
  field.addEventListener("change", async () => {
    const [chosen] = field.files;
    if (!chosen) return;
    try {
      field.files = filesOf(await small(chosen));
      say(place, "The photo is taken. It is sent after what you tell.");
    } catch {
      field.value = "";
      say(place, "This is no picture that the phone can read. Take it again, or go on without one.");
    }
  });
}

async function small(chosen) {
  const picture = await createImageBitmap(chosen);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

function filesOf(file) {
  const moved = new DataTransfer();
  moved.items.add(file);
  return moved.files;
}

function say(place, sentence) {
  place.querySelector("[data-photo-said]").textContent = sentence;
}
