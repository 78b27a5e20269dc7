// The found passages: where they are, why each was found, their words and their nearest sentence marked.

const FIRST_SHOWN = 8; // hits; the others on request

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const focused = parentElement.querySelector?.(":focus")?.dataset?.chip;
  const set = stage(parentElement, data);
  if (!set) return;
  const go = (link) => onPlainClick(() => setTriggerValue("open", link.params));
  const narrow = (chip) => onPlainClick(() => setTriggerValue("narrow", chip.where));
  set.root.append(
    make("p", { class: "summary" }, data.summary, data.replaced ? make("span", { class: "replaced" }, ` Showing results for ${data.replaced}.`) : ""),
    data.chips.length ? chips(data.chips, narrow) : "",
    data.hits.length ? legend() : "",
    data.hits.length ? hits(data.hits, go) : nothing(data, go),
  );
  const chosen = set.root.querySelector(".chip[aria-current]");
  if (chosen) chosen.closest("ul").scrollLeft = chosen.offsetLeft - 60;
  if (focused) set.root.querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function chips(all, narrow) {
  const items = all.map((chip) => {
    const name = `${chip.label}, ${chip.count} ${chip.count === 1 ? "passage" : "passages"}`;
    const link = make(
      "a",
      { class: "chip", href: chip.href, "data-chip": chip.href, "aria-label": name, "aria-current": chip.chosen ? "true" : "" },
      chip.label, make("span", { class: "count" }, String(chip.count)),
    );
    link.addEventListener("click", narrow(chip));
    return make("li", { class: chip.depth > 1 ? "deeper" : "" }, link);
  });
  return make("nav", { "aria-label": "Where to look" }, make("ul", { class: "chips", role: "list" }, ...items));
}

function legend() {
  return make(
    "p",
    { class: "legend" },
    make("span", {}, make("mark", { class: "word" }, "a word"), " of your search"),
    make("span", {}, make("mark", { class: "near" }, "the sentence"), " nearest in meaning"),
  );
}

function hits(found, go) {
  const items = found.map((hit) => item(hit, go));
  const list = make("ol", { class: "hits", role: "list" }, ...items.slice(0, FIRST_SHOWN));
  const rest = items.slice(FIRST_SHOWN);
  if (!rest.length) return list;
  const more = make("button", { type: "button", class: "action more" }, `Show ${rest.length} more`);
  more.addEventListener("click", () => {
    list.append(...rest);
    more.remove();
    rest[0].querySelector("a").focus();
  });
  return [list, more];
}

function item(hit, go) {
  const passage = make("blockquote", {}, ...hit.runs.flatMap(stretch));
  const why = make("ul", { class: "why", role: "list", "aria-label": "Why it was found" }, ...hit.why.map((reason) => make("li", { class: reason.kind }, reason.text)));
  const actions = make("div", { class: "actions" });
  if (hit.runs.some((run) => run.far)) actions.append(wholeButton(passage));
  return make("li", { class: "hit" }, make("h3", {}, linkTo(hit.link, go)), passage, why, actions, similar(hit.similar, go));
}

function stretch(run) {
  if (run.far) return farOff(run.text);
  const pieces = spaced(run.text);
  if (!run.word && !run.near) return pieces;
  const name = [run.near ? "near" : "", run.word ? "word" : ""].join(" ").trim();
  return pieces.map((piece) => (typeof piece === "string" ? make("mark", { class: name }, piece) : piece));
}

function similar(links, go) {
  if (!links.length) return "";
  const items = links.map((link) => make("li", {}, linkTo(link, go)));
  const line = links.length === 1 ? "1 more says nearly the same" : `${links.length} more say nearly the same`;
  return make("details", { class: "similar" }, make("summary", { class: "action" }, line), make("ul", { role: "list" }, ...items));
}

function nothing(data, go) {
  const near = data.nearest.map((link) => make("li", {}, linkTo(link, go)));
  const lacking = data.unknown.map((word) => `“${word}”`).join(", ");
  return make(
    "div",
    { class: "nothing" },
    make("p", {}, "What you can try:"),
    make(
      "ul",
      {},
      lacking ? make("li", {}, `Another word: the guide never has ${lacking}.`) : "",
      data.chips.length ? make("li", {}, "Look everywhere: other sections have something.") : make("li", {}, "Other words: the name of a tool, of a skill, or what it is for."),
      make("li", {}, "A whole question on the page “Ask”: it also says what the guide lacks."),
    ),
    near.length ? make("p", {}, "Nearest in the guide:") : "",
    near.length ? make("ul", { role: "list", class: "nearest" }, ...near) : "",
  );
}
