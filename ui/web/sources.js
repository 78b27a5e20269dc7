// The source cards of an answer: a passage with its quotes marked, and the ways from there into the guide.

const OPEN_SOURCES = 2; // as many sources show their passage at once
const OPEN_BESIDE = 4; // and as many where two stand in a row

function sourceCards(sources, beside, go) {
  const open = beside ? OPEN_BESIDE : OPEN_SOURCES;
  return sources.map((source, place) => sourceCard(source, place < open, go));
}

// What else the guide says, folded away: it is no part of the answer.
function moreSources(sources, go) {
  if (!sources.length) return "";
  const summary = make("summary", { class: "action" }, `More from the guide (${sources.length})`);
  return make("details", { class: "more" }, summary, ...sourceCards(sources, false, go));
}

function sourceCard(source, open, go) {
  const numbers = source.numbers.map((number) => make("span", { class: "number" }, String(number)));
  const card = make("details", { class: "source" });
  card.open = open;
  const links = new Map(source.numbers.map((number, at) => [number, source.links[at]]));
  const passage = make("blockquote", {}, ...source.runs.flatMap((run) => stretch(run, links, go)));
  const actions = make("div", { class: "actions" });
  const link = make("a", { class: "action", href: source.links[0].href }, icon("open"), "Open in the guide");
  link.addEventListener("click", go(source.links[0]));
  actions.append(link, copyButton(source.numbers.length > 1 ? "Copy quotes" : "Copy quote", source.copy));
  if (source.runs.some((run) => run.far)) actions.append(wholeButton(passage));
  card.append(make("summary", {}, make("span", { class: "numbers" }, ...numbers), make("span", { class: "path" }, source.path)));
  card.append(passage, actions);
  return card;
}

// A piece of the passage. Where a card holds several quotes, each bears its number, which leads to it in the guide.
function stretch(run, links, go) {
  if (run.cite) {
    const mark = (piece) => make("mark", { "data-number": String(run.cite), tabindex: "-1" }, piece);
    const marks = spaced(run.text).map((piece) => (typeof piece === "string" ? mark(piece) : piece));
    return links.size > 1 ? [numberLink(run.cite, links.get(run.cite), go), ...marks] : marks;
  }
  return run.far ? farOff(run.text) : spaced(run.text);
}

function numberLink(number, link, go) {
  const name = `Open quote ${number} in the guide`;
  const anchor = make("a", { class: "number", href: link.href, title: name, "aria-label": name }, String(number));
  anchor.addEventListener("click", go(link));
  return anchor;
}
