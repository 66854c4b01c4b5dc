// The panel that says where something is on a picture of the card: in percent, as labels have it.

const $ = (id) => document.getElementById(id);
const panel = $("positions");
const picture = $("picture");
const image = picture.querySelector("img");
const drawing = picture.querySelector("svg");
const inputs = [...panel.querySelectorAll("input")]; // left, top, width, height

let card = "";
let pictures = [];
let rect = null; // as the inputs have it

const shapeOf = ({ kind, points }, className) => {
  const [[left, top], [right, bottom]] = points;
  const corners = kind === "rect" ? [[left, top], [right, top], [right, bottom], [left, bottom]] : points;
  const box = { cx: (left + right) / 2, cy: (top + bottom) / 2, rx: (right - left) / 2, ry: (bottom - top) / 2 };
  const [name, places] = kind === "ellipse" ? ["ellipse", box] : ["polygon", { points: corners.join(" ") }];
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries({ ...places, class: className })) shape.setAttribute(key, value);
  return shape;
};
// A key stands above its label, so that what is there can be seen.
const keyOf = ({ key, points }) => {
  const name = Object.assign(document.createElement("span"), { textContent: key });
  const [across, down] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const isOnTheRight = Math.min(...across) > 50;
  Object.assign(name.style, {
    bottom: `${100 - Math.min(...down)}%`,
    [isOnTheRight ? "right" : "left"]: `${isOnTheRight ? 100 - Math.max(...across) : Math.min(...across)}%`,
  });
  return name;
};
const draw = () => {
  const { labels } = pictures[$("which").value];
  drawing.replaceChildren(...labels.map((label) => shapeOf(label, "")));
  picture.replaceChildren(image, drawing, ...labels.map(keyOf));
  if (rect) {
    const [left, top, width, height] = rect;
    drawing.append(shapeOf({ kind: "rect", points: [[left, top], [left + width, top + height]] }, "drawn"));
    $("place-only").textContent = `rect: [${rect.join(", ")}]`;
    $("new-label").textContent = `key: {name: …, ${$("place-only").textContent}}`;
  }
  $("lines").inert = !rect;
};
const rounded = (percent) => Math.round(percent * 100) / 100;
const setRect = (numbers) => {
  rect = numbers && numbers.map(rounded);
  inputs.forEach((input, index) => (input.value = rect ? rect[index] : ""));
  draw();
};

// By keyboard: a number that doesn't fit is changed when it is left.
const typed = () => {
  const numbers = inputs.map(({ valueAsNumber }, index) => (isNaN(valueAsNumber) ? [0, 0, 10, 10][index] : valueAsNumber));
  const start = numbers.slice(0, 2).map((number) => Math.min(Math.max(number, 0), 99));
  const size = numbers.slice(2).map((number, axis) => Math.min(Math.max(number, 0.1), 100 - start[axis]));
  return [...start, ...size];
};
for (const input of inputs) {
  input.addEventListener("input", () => {
    rect = typed().map(rounded);
    draw();
  });
  input.addEventListener("change", () => setRect(typed()));
}

// By mouse, pen or finger: in tenths of a percent, or in halves if the picture is no finer.
const placeOf = (event) => {
  const { left, top, width, height } = picture.getBoundingClientRect();
  const shares = [(event.clientX - left) / width, (event.clientY - top) / height];
  return shares.map((share, axis) => {
    const parts = [image.naturalWidth, image.naturalHeight][axis] > 200 ? 10 : 2;
    return Math.round(Math.min(Math.max(share, 0), 1) * 100 * parts) / parts;
  });
};
let start = null;
picture.addEventListener("pointerdown", (event) => {
  if (event.button || !event.isPrimary) return;
  picture.setPointerCapture(event.pointerId);
  start = placeOf(event);
});
picture.addEventListener("pointermove", (event) => {
  const place = placeOf(event);
  $("pointer").textContent = `${place[0]} from the left, ${place[1]} from the top`;
  if (!start || !event.isPrimary) return;
  const corner = place.map((number, axis) => Math.min(number, start[axis]));
  const size = place.map((number, axis) => Math.abs(number - start[axis]));
  if (Math.min(...size)) setRect([...corner, ...size]);
});
for (const type of ["pointerup", "pointercancel"]) picture.addEventListener(type, () => (start = null));
picture.addEventListener("pointerleave", () => ($("pointer").textContent = ""));

for (const button of $("lines").querySelectorAll("button"))
  button.addEventListener("click", async () => {
    const line = button.previousElementSibling;
    getSelection().selectAllChildren(line); // to be copied by hand, where the browser doesn't allow it
    await navigator.clipboard.writeText(line.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });

const showPicture = () => {
  const { address, alt } = pictures[$("which").value];
  if (image.getAttribute("src") !== address) image.src = address;
  image.alt = alt;
  draw();
};
image.addEventListener("load", () => (picture.style.width = `min(100%, ${(70 * image.naturalWidth) / image.naturalHeight}vh)`));
$("which").addEventListener("change", showPicture);

/** Show the pictures of a card. What was drawn stays while its author saves changes of it. */
export const showPositions = async ({ id, digest }) => {
  const isNew = id !== card;
  if (isNew) panel.hidden = true;
  card = id;
  const answer = await fetch(`/pictures?${new URLSearchParams({ card: id, version: digest })}`);
  const found = await answer.json();
  if (card !== id) return;
  pictures = found;
  panel.hidden = !pictures.length;
  if (panel.hidden) return;
  const chosen = isNew ? 0 : Math.min(Number($("which").value), pictures.length - 1);
  $("which").replaceChildren(...pictures.map(({ alt, name }, index) => new Option(alt || name, index)));
  $("which").value = chosen;
  $("which").parentElement.hidden = pictures.length === 1;
  if (isNew) panel.open = pictures[0].labels.length > 0;
  if (isNew) setRect(null);
  showPicture();
};
