// A text held against the guide: the text with its terms marked, what it covers by area, and what it does not.

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const go = (name, value) => onPlainClick(() => setTriggerValue(name, value));
  const open = { guide: (entry) => go("open", entry.link.params), card: (entry) => go("term", entry.term) };
  const named = data.groups.filter((group) => group.entries.length);
  set.root.append(
    make("p", { class: "summary", role: "status" }, data.summary),
    make(
      "div",
      { class: "columns" },
      make("section", { "aria-label": "The text" }, make("h2", {}, "The text"), legend(), said(data.runs)),
      make("section", { "aria-label": "Coverage by area" }, make("h2", {}, "Coverage by area"), bars(data.groups)),
    ),
    make("h2", {}, "Covered"),
    named.length ? make("div", { class: "areas" }, ...named.map((group) => area(group, open))) : make("p", {}, "Nothing of the guide."),
    data.negated.length ? make("section", {}, make("h2", {}, "Ruled out, not counted"), make("div", { class: "areas" }, make("div", {}, ...data.negated.map((entry) => term(entry, open))))) : "",
    make("h2", {}, "Not in the guide"),
    data.foreign.length ? words(data.foreign, "foreign") : make("p", {}, "No technical term that the guide lacks."),
    rest(data.not_asked),
  );
}

function legend() {
  return make(
    "p",
    { class: "legend" },
    make("span", {}, make("mark", { class: "covered" }, "covered")),
    make("span", {}, make("mark", { class: "foreign" }, "not in the guide")),
    make("span", {}, make("del", {}, "ruled out")),
  );
}

function said(runs) {
  const pieces = runs.map((run) => {
    if (!run.kind) return run.text;
    return run.kind === "negated" ? make("del", {}, run.text) : make("mark", { class: run.kind }, run.text);
  });
  return make("div", { class: "said", tabindex: "0", role: "region", "aria-label": "Your text with its terms marked" }, ...pieces);
}

function bars(groups) {
  const rows = groups.map((group) => {
    const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("span", { class: "full" }));
    bar.firstChild.style.width = `${Math.round((100 * group.covered) / Math.max(group.terms, 1))}%`;
    return make("tr", {}, make("th", { scope: "row" }, group.area), make("td", { class: "drawn" }, bar), make("td", { class: "number" }, `${group.covered} of ${group.terms}`));
  });
  const head = make("tr", { class: "unseen" }, make("th", { scope: "col" }, "Area"), make("td", {}), make("th", { scope: "col" }, "Terms covered"));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

function area(group, open) {
  return make("section", {}, make("h3", {}, group.area), ...group.entries.map((entry) => term(entry, open)));
}

function term(entry, open) {
  const name = [make("span", { class: "term" }, entry.term), entry.said ? make("span", { class: "found" }, ` “${entry.said}”`) : ""];
  const card = make("a", { href: entry.card.href, class: "action", "aria-label": `All about ${entry.term}` }, "All about it");
  card.addEventListener("click", open.card(entry));
  if (!entry.quote) return make("details", { class: "entry" }, make("summary", {}, ...name), make("p", { class: "where" }, "The guide names it without saying what it is."), card);
  const link = make("a", { href: entry.link.href, class: "action" }, icon("open"), "Open in the guide");
  link.addEventListener("click", open.guide(entry));
  return make("details", { class: "entry" }, make("summary", {}, ...name), make("blockquote", {}, entry.quote), make("p", { class: "where" }, entry.link.label), link, card);
}

function words(list, kind) {
  return make("ul", { class: `words ${kind}`, role: "list" }, ...list.map((word) => make("li", {}, word)));
}

function rest(list) {
  if (!list.length) return "";
  return make("details", { class: "rest" }, make("summary", {}, make("h2", {}, `Not asked for (${list.length})`)), words(list, "plain"));
}
