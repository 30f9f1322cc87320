/* Signing on the glass: strokes become the path of a small picture, in a field of the form. The tick says the same and is
   there for whoever cannot or will not draw. */
const LEAST_STEP = 3;
const MOST_POINTS = 600;
const FEWEST_POINTS = 4;

for (const view of document.querySelectorAll("[data-sign]")) wake(view);

function wake(view) {
  const part = (name) => view.querySelector(`[data-sign-${name}]`);
  const field = document.querySelector("[data-signature]");
  const opener = document.querySelector("[data-sign-open]");
  const glass = part("glass");
  let strokes = [];

  const draw = () => drawAll(glass, strokes);
  const clear = () => {
    strokes = [];
    draw();
  };
  opener.hidden = false;
  opener.addEventListener("click", () => {
    view.showModal();
    clear();
  });
  glass.addEventListener("pointerdown", (event) => {
    glass.setPointerCapture(event.pointerId);
    strokes.push([pointOf(glass, event)]);
  });
  glass.addEventListener("pointermove", (event) => {
    const stroke = strokes.at(-1);
    if (!glass.hasPointerCapture(event.pointerId) || strokes.flat().length >= MOST_POINTS) return;
    const point = pointOf(glass, event);
    if (Math.hypot(point[0] - stroke.at(-1)[0], point[1] - stroke.at(-1)[1]) < LEAST_STEP) return;
    stroke.push(point);
    draw();
  });
  part("clear").addEventListener("click", clear);
  part("close").addEventListener("click", () => view.close());
  part("done").addEventListener("click", () => {
    if (strokes.flat().length < FEWEST_POINTS) return;
    field.value = pathOf(strokes);
    field.form.elements.agreement_accepted.checked = true;
    opener.querySelector("span").textContent = "Signed. Sign again";
    view.close();
  });
}

/** Strokes as the path of an SVG picture: M20 80L60 40. */
export function pathOf(strokes) {
  return strokes.map((stroke) => `M${stroke.map(([x, y]) => `${x} ${y}`).join("L")}`).join("");
}

function pointOf(glass, event) {
  const box = glass.getBoundingClientRect();
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
  return [
    within(((event.clientX - box.left) / box.width) * glass.width, glass.width),
    within(((event.clientY - box.top) / box.height) * glass.height, glass.height),
  ];
}

function drawAll(glass, strokes) {
  const brush = glass.getContext("2d");
  brush.clearRect(0, 0, glass.width, glass.height);
  brush.lineWidth = 3;
  brush.lineCap = brush.lineJoin = "round";
  if (strokes.length) brush.stroke(new Path2D(pathOf(strokes)));
}
