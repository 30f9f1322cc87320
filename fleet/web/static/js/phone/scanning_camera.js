/* The camera at the back of the phone: opened for a scan, given back when it is over. */
const SIDE = 720;

/** Why there can be no picture here, before anybody is asked for one; empty when there can. */
export function whyNoCamera() {
  if (!window.isSecureContext) {
    return "This page did not come over a secure line, so the browser keeps the camera shut. Type the code instead.";
  }
  if (!navigator.mediaDevices?.getUserMedia) return "This browser has no camera for us. Type the code instead.";
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    return "This browser is too old to read squares. Type the code instead.";
  }
  return "";
}

/** What the browser answered instead of a picture, in words. */
export function whyRefused(error) {
  const words = {
    NotAllowedError: "The browser may not use the camera. Allow it in the phone's settings, or type the code.",
    NotFoundError: "This phone has no camera. Type the code instead.",
    NotReadableError: "Something else uses the camera. Close that and scan again, or type the code.",
  };
  return words[error.name] ?? "The camera or the reader did not start. Type the code instead.";
}

/** Shows what the camera sees in `video`. */
export async function openCamera(video) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  const [track] = stream.getVideoTracks();
  video.srcObject = stream;
  await video.play();
  return {
    picture: () => middleOf(video),
    torch: track.getCapabilities?.().torch ? (on) => track.applyConstraints({ advanced: [{ torch: on }] }) : null,
    close: () => {
      stream.getTracks().forEach((each) => each.stop());
      video.srcObject = null;
    },
  };
}

const canvas = document.createElement("canvas");

/* The middle of the picture, which is what the frame on the screen shows; null before there is one. */
function middleOf(video) {
  const across = Math.min(video.videoWidth, video.videoHeight);
  if (!across) return null;
  const side = Math.min(across, SIDE);
  canvas.width = canvas.height = side;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const left = (video.videoWidth - across) / 2;
  brush.drawImage(video, left, (video.videoHeight - across) / 2, across, across, 0, 0, side, side);
  return brush.getImageData(0, 0, side, side);
}
