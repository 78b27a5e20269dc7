// The picture of the guides: passages as points, near where their meanings are near, the found ones lit.
// One stop of the Tab key; arrows move from point to point, Enter opens. The same stands below as a list.

const SIDE = 400;
const MARGIN = 22;
const COLOURS = 7; // classes c0 to c6
const SHAPES = [
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
  "M-4.5-4.5h9v9h-9z",
  "M0-6 5.6 4.2h-11.2z",
  "M0-6.2 5.4 0 0 6.2-5.4 0z",
  "M-1.8-5.6h3.6v3.8h3.8v3.6h-3.8v3.8h-3.6v-3.8h-3.8v-3.6h3.8z",
];

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const go = (link) => onPlainClick(() => setTriggerValue("open", link.params));
  const searched = data.at.length > 0;
  const tip = make("div", { class: "tip", "aria-hidden": "true", hidden: "hidden" });
  const points = data.dots.map((dot) => point(dot, searched, go));
  const svg = node("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "group", "aria-label": name(data) });
  // What is lit lies on top.
  const order = data.dots.map((dot, at) => [dot.lit, at]).sort(([one], [other]) => one - other);
  svg.append(...order.map(([, at]) => points[at]));
  if (searched) svg.append(queryMark(...data.at));
  const stageBox = make("div", { class: "plane" }, svg, tip);
  points.forEach((at, number) => explain(at, data.dots[number], tip, stageBox));
  rove(svg, points, data.dots);
  set.root.append(
    make(
      "figure",
      {},
      make("figcaption", {}, make("strong", {}, "The guide as a picture. "), "Each point is a passage; the nearer, the more alike in meaning."),
      stageBox,
      legend(data, searched),
      asList(data, go),
    ),
  );
}

function name(data) {
  const lit = data.dots.filter((dot) => dot.lit).length;
  return `${data.dots.length} passages as points${data.at.length ? `, ${lit} of them found` : ""}. Arrow keys move, Enter opens.`;
}

function node(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const scaled = (value) => MARGIN + value * (SIDE - 2 * MARGIN);

function look(group) {
  return [`c${group % COLOURS}`, SHAPES[group % SHAPES.length]];
}

function point(dot, searched, go) {
  const [colour, shape] = look(dot.group);
  const state = searched ? (dot.lit ? "lit" : "dim") : "";
  const link = node("a", { href: dot.link.href, tabindex: "-1", class: `point ${colour} ${state}`, transform: `translate(${scaled(dot.x)} ${scaled(dot.y)})`, "aria-label": `${dot.lit ? "Found: " : ""}${dot.label}: ${dot.text}` });
  link.append(node("circle", { r: "11", class: "reach" }), node("path", { d: shape, class: "shape" }));
  link.addEventListener("click", go(dot.link));
  return link;
}

function queryMark(x, y) {
  const mark = node("g", { class: "query", transform: `translate(${scaled(x)} ${scaled(y)})`, "aria-hidden": "true" });
  mark.append(node("circle", { r: "15" }), node("path", { d: "M-21 0h12M9 0h12M0-21v12M0 9v12" }));
  return mark;
}

// A passage's words beside its point, while the pointer or the focus is on it.
function explain(at, dot, tip, plane) {
  const show = () => {
    tip.replaceChildren(make("strong", {}, dot.label), make("p", {}, dot.text));
    tip.hidden = false;
    const [box, spot] = [plane.getBoundingClientRect(), at.getBoundingClientRect()];
    const left = spot.left + spot.width / 2 - box.left - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth))}px`;
    const above = spot.top - box.top - tip.offsetHeight - 6;
    tip.style.top = `${above > -60 ? above : spot.bottom - box.top + 6}px`;
  };
  const hide = () => (tip.hidden = true);
  at.addEventListener("pointerenter", show);
  at.addEventListener("pointerleave", hide);
  at.addEventListener("focus", show);
  at.addEventListener("blur", hide);
}

function rove(svg, points, dots) {
  if (!points.length) return;
  let current = Math.max(0, dots.findIndex((dot) => dot.lit));
  points[current].setAttribute("tabindex", "0");
  points.forEach((each, number) => each.addEventListener("focus", () => take(number)));
  const take = (number) => {
    points[current].setAttribute("tabindex", "-1");
    current = number;
    points[current].setAttribute("tabindex", "0");
  };
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  svg.addEventListener("keydown", (event) => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    points[(current + steps[event.key] + points.length) % points.length].focus();
  });
}

function legend(data, searched) {
  const items = data.groups.map((label, group) => {
    const [colour, shape] = look(group);
    const sample = node("svg", { viewBox: "-8 -8 16 16", class: `sample ${colour}`, "aria-hidden": "true" });
    sample.append(node("path", { d: shape, class: "shape" }));
    return make("li", {}, sample, make("span", {}, label));
  });
  if (searched) {
    const sample = node("svg", { viewBox: "-22 -22 44 44", class: "sample query", "aria-hidden": "true" });
    sample.append(node("circle", { r: "15" }), node("path", { d: "M-21 0h12M9 0h12M0-21v12M0 9v12" }));
    items.unshift(make("li", {}, sample, make("span", {}, "your search, about here")));
  }
  return make("ul", { class: "legend", role: "list", "aria-label": "What the points stand for" }, ...items);
}

function asList(data, go) {
  const fold = make("details", { class: "words" }, make("summary", { class: "action" }, "The picture in words"));
  fold.addEventListener("toggle", () => {
    if (!fold.open || fold.querySelector("ul")) return;
    const items = data.dots.map((dot) =>
      make("li", {}, linkTo(dot.link, go), dot.lit ? " (found)" : "", make("span", { class: "begins" }, dot.text)),
    );
    fold.append(make("ul", { role: "list" }, ...items));
  });
  return fold;
}
