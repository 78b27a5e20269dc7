// The reader: a whole document with its contents beside it, moved to the stretch or section that a link named.

const HEADING_LEVELS = 6; // HTML has no more

export default function (component) {
  const { parentElement, data } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const headings = new Map();
  const text = make("article", { class: "text" }, ...data.nodes.map((node) => laidOut(node, headings)));
  const follow = (link) => (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    moveTo(headings.get(link), "start");
  };
  set.root.append(make("div", { class: "reader" }, contents(data.contents, follow), text));
  const target = text.querySelector("mark") ?? headings.get(data.at);
  if (target) whenLaidOut(() => moveTo(target, target.tagName === "MARK" ? "center" : "start"));
}

function contents(entries, follow) {
  if (!entries.length) return "";
  const list = () =>
    make(
      "ul",
      { role: "list" },
      ...entries.map((entry) => {
        const link = make("a", { href: entry.link }, entry.label);
        link.addEventListener("click", follow(entry.link));
        return make("li", { class: entry.depth > 1 ? "deeper" : "", style: `--depth: ${entry.depth - 1}` }, link);
      }),
    );
  const folded = make("details", {}, make("summary", {}, "Contents"), list());
  folded.querySelectorAll("a").forEach((link) => link.addEventListener("click", () => (folded.open = false)));
  return make(
    "nav",
    { "aria-label": "Contents" },
    folded,
    make("div", { class: "beside" }, make("p", { class: "title" }, "Contents"), list()),
  );
}

function laidOut(node, headings) {
  switch (node.kind) {
    case "heading": {
      const heading = make(`h${Math.min(node.level, HEADING_LEVELS)}`, { tabindex: "-1" }, ...runs(node.runs));
      if (!node.link) return heading;
      headings.set(node.link, heading);
      const name = `Copy link to ${heading.textContent}`;
      return make("div", { class: "heading" }, heading, copyButton("Copy link", () => absolute(node.link), { symbol: "link", hidden: true, name }));
    }
    case "list":
      return make("ul", {}, ...node.rows.map(item));
    case "table":
      return table(node);
    case "code":
      return make("pre", { tabindex: "0" }, make("code", {}, ...runs(node.runs)));
    default:
      return make("p", {}, ...runs(node.runs));
  }
}

function item(row) {
  const numbered = /^\d+\. /.test(row.cells[0].map((run) => run.text).join(""));
  return make("li", { class: numbered ? "numbered" : "", style: `--depth: ${row.depth}` }, ...runs(row.cells[0]));
}

function table(node) {
  const cells = (row) =>
    row.cells.map((cell, at) => (at || !node.columns.length ? make("td", {}, ...runs(cell)) : make("th", { scope: "row" }, ...runs(cell))));
  const head = node.columns.map((name) => make("th", { scope: "col" }, name));
  return make(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": "Table" },
    make(
      "table",
      {},
      head.length ? make("thead", {}, make("tr", {}, ...head)) : "",
      make("tbody", {}, ...node.rows.map((row) => make("tr", {}, ...cells(row)))),
    ),
  );
}

function runs(stretches) {
  return stretches.map((run) => (run.mark ? make("mark", { tabindex: "-1" }, run.text) : run.text));
}

function moveTo(node, block) {
  if (!node) return;
  node.focus({ preventScroll: true });
  comeIntoView(node, block);
}
