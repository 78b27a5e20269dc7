// The guide's areas as a treemap, by the number of their terms; one click opens an area, the next the card of a term.

const TONES = 5;
const SMALLEST = 0.035; // share of the picture that a tile has at least, so that its name can be read
const [NARROW, LINE, EDGE] = [110, 17, 10]; // pixels: where letters get smaller; a line of them; around them
const opened = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const areas = new Map();
  for (const term of data.terms) areas.set(term.area, [...(areas.get(term.area) ?? []), term]);
  const map = make("div", { class: "map" });
  const crumbs = make("div", { class: "crumbs" });
  set.root.append(make("section", { "aria-label": "Picture of the areas and their terms" }, crumbs, map));
  const draw = () => {
    const area = opened.get(parentElement);
    const open = (name) => {
      opened.set(parentElement, name);
      draw();
      (crumbs.querySelector("button") ?? map.querySelector("button")).focus();
    };
    if (area && areas.has(area)) showArea(map, crumbs, [area, areas], open, (term) => setTriggerValue("go", { term, beside: "" }));
    else showAreas(map, crumbs, areas, open);
  };
  draw();
  new ResizeObserver(draw).observe(map);
}

function showAreas(map, crumbs, areas, open) {
  crumbs.replaceChildren(make("span", {}, "Areas of the guide, by the number of their terms"));
  const cells = [...areas].sort((one, other) => other[1].length - one[1].length);
  const tone = new Map([...areas.keys()].map((name, at) => [name, at % TONES]));
  tiles(map, cells.map(([name, terms]) => ({ label: `${name} (${terms.length})`, size: terms.length, tone: tone.get(name), big: true, act: () => open(name) })));
}

function showArea(map, crumbs, [area, areas], open, choose) {
  const back = make("button", { type: "button", class: "action" }, "All areas");
  back.addEventListener("click", () => open(null));
  crumbs.replaceChildren(back, make("span", {}, area));
  const tone = [...areas.keys()].indexOf(area) % TONES;
  const terms = [...areas.get(area)].sort((one, other) => other.mentions - one.mentions);
  tiles(map, terms.map((term) => ({ label: term.term, title: `${term.term}: named ${term.mentions === 1 ? "once" : `${term.mentions} times`}`, size: 2 + Math.sqrt(term.mentions), tone, act: () => choose(term.term) })));
}

function tiles(map, cells) {
  const { width, height } = map.getBoundingClientRect();
  const all = cells.reduce((sum, cell) => sum + cell.size, 0);
  const raised = cells.map((cell) => ({ ...cell, area: Math.max(cell.size / all, Math.min(SMALLEST, 0.5 / cells.length)) }));
  const scaled = raised.map((cell) => ({ ...cell, area: (cell.area / sum(raised)) * width * height }));
  map.replaceChildren(...squarified(scaled, { x: 0, y: 0, width, height }).map(({ cell, x, y, width: wide, height: high }) => {
    const style = `left:${x}px;top:${y}px;width:${wide}px;height:${high}px`;
    const size = cell.big ? (wide < NARROW ? " big narrow" : " big") : "";
    const name = make("span", { style: `-webkit-line-clamp:${Math.max(Math.floor((high - EDGE) / LINE), 1)}` }, cell.label);
    const button = make("button", { type: "button", class: `t${cell.tone}${size}`, style, title: cell.title ?? cell.label }, name);
    button.addEventListener("click", cell.act);
    return button;
  }));
}

// Bruls, Huizing and van Wijk, Squarified Treemaps (2000): rows along the shorter side, each as square as can be.
function squarified(cells, room) {
  const placed = [];
  let rest = [...cells];
  let { x, y, width, height } = room;
  while (rest.length) {
    const side = Math.min(width, height);
    let size = 1;
    while (size < rest.length && worst(rest.slice(0, size + 1), side) <= worst(rest.slice(0, size), side)) size += 1;
    const row = rest.slice(0, size);
    const thick = sum(row) / side;
    let along = 0;
    for (const cell of row) {
      const long = cell.area / thick;
      placed.push(width <= height ? { cell, x: x + along, y, width: long, height: thick } : { cell, x, y: y + along, width: thick, height: long });
      along += long;
    }
    if (width <= height) [y, height] = [y + thick, height - thick];
    else [x, width] = [x + thick, width - thick];
    rest = rest.slice(size);
  }
  return placed;
}

function sum(row) {
  return row.reduce((total, cell) => total + cell.area, 0);
}

function worst(row, side) {
  const total = sum(row);
  return Math.max(...row.map((cell) => Math.max((side ** 2 * cell.area) / total ** 2, total ** 2 / (side ** 2 * cell.area))));
}
