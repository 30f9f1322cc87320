/* The four sounds, made here so that nothing is fetched: a soft rise for ready, one tone twice for already, two knocks
   for hands, a low one for refused. A place sounds when what it says changes; the mute switch is remembered. */
import { remember, remembered } from "./storage.js";

const NOTES = {
  ready: [[523, 0, 0.14], [784, 0.13, 0.24]],
  already: [[523, 0, 0.09], [523, 0.17, 0.09]],
  hands: [[196, 0, 0.08], [196, 0.18, 0.08]],
  refused: [[131, 0, 0.35]],
};

let heard = new Map();

export function wakeSounds(page) {
  const box = page.querySelector("[data-sounds-switch]");
  const button = page.querySelector("[data-sound-switch]");
  show(page, isOn());
  box?.addEventListener("change", () => turn(page, box.checked));
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => turn(page, !isOn()));
  heard = places(page);
  page.addEventListener("htmx:afterSettle", () => {
    const before = heard;
    heard = places(page);
    for (const [place, sound] of heard) if (before.get(place) !== sound) play(sound);
  });
}

function isOn() {
  return remembered("sounds", "on") === "on";
}

function turn(page, on) {
  remember("sounds", on ? "on" : "off");
  show(page, on);
  if (on) play("ready");
}

function show(page, on) {
  const box = page.querySelector("[data-sounds-switch]");
  if (box) box.checked = on;
  page.querySelector("[data-sound-switch]")?.setAttribute("aria-pressed", String(on));
}

function places(page) {
  return new Map([...page.querySelectorAll("[data-sound]")].map((each) => [each.dataset.place, each.dataset.sound]));
}

/** One of the sounds, by name, where they are switched on. */
export function play(name) {
  if (!isOn()) return;
  const context = new AudioContext();
  for (const [pitch, start, length] of NOTES[name] ?? []) {
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: pitch, type: "sine" });
    const begin = context.currentTime + start;
    gain.gain.linearRampToValueAtTime(0.18, begin + 0.02);
    gain.gain.setValueAtTime(0.18, begin + length);
    gain.gain.linearRampToValueAtTime(0, begin + length + 0.06);
    tone.connect(gain).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + length + 0.08);
    tone.onended = () => context.state !== "closed" && start === lastStart(name) && context.close();
  }
}

function lastStart(name) {
  return NOTES[name].at(-1)[1];
}
