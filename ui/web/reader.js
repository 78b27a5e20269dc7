// The reader: a whole document with its contents beside it, moved to the stretch or section that a link named.

const HEADING_LEVELS = 6; // HTML has no more
const READ_AT = 140; // pixels from the top: the section that reaches up to here is the one being read

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const headings = new Map();
  const card = termCards(data, setTriggerValue);
  const text = make("article", { class: "text" }, ...data.nodes.map((node) => laidOut(node, headings, card)));
  const follow = (link) => onPlainClick(() => moveTo(headings.get(link), "start"));
  const beside = contents(data.contents, follow);
  const page = make("div", { class: "reader" }, beside, text, card.box);
  set.root.append(page);
  card.watch(page, text);
  if (beside) followAlong(beside, data.contents, headings);
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
        const link = make("a", { href: entry.link, "data-link": entry.link }, entry.label);
        link.addEventListener("click", follow(entry.link));
        return make("li", { class: entry.depth > 1 ? "deeper" : "", style: `--depth: ${entry.depth - 1}` }, link);
      }),
    );
  const folded = make("details", {}, make("summary", {}, "Contents", make("span", { class: "now" })), list());
  folded.querySelectorAll("a").forEach((link) => link.addEventListener("click", () => (folded.open = false)));
  return make(
    "nav",
    { "aria-label": "Contents" },
    folded,
    make("div", { class: "beside" }, make("p", { class: "title" }, "Contents"), list()),
  );
}

// Marks the section that is being read in the contents, and keeps its line in sight.
function followAlong(nav, entries, headings) {
  let [at, waiting] = ["", false];
  const now = nav.querySelector(".now");
  const update = () => {
    waiting = false;
    let reading = "";
    for (const { link } of entries) {
      if (headings.get(link)?.getBoundingClientRect().top > READ_AT) break;
      reading = link;
    }
    if (reading === at) return;
    at = reading;
    now.textContent = entries.find((entry) => entry.link === at)?.label ?? "";
    for (const link of nav.querySelectorAll("a")) {
      const here = link.dataset.link === at;
      here ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current");
      if (here && link.closest(".beside")) nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
    }
  };
  const scrolled = () => {
    if (!nav.isConnected) return document.removeEventListener("scroll", scrolled, { capture: true });
    if (!waiting) requestAnimationFrame(update);
    waiting = true;
  };
  document.addEventListener("scroll", scrolled, { capture: true, passive: true });
  whenLaidOut(update);
}

function laidOut(node, headings, card) {
  switch (node.kind) {
    case "heading": {
      const heading = make(`h${Math.min(node.level, HEADING_LEVELS)}`, { tabindex: "-1" }, ...runs(node.runs, card));
      if (!node.link) return heading;
      headings.set(node.link, heading);
      const name = `Copy link to ${heading.textContent}`;
      return make("div", { class: "heading" }, heading, copyButton("Copy link", () => absolute(node.link), { symbol: "link", hidden: true, name }));
    }
    case "list":
      return make("ul", {}, ...node.rows.map((row) => item(row, card)));
    case "table":
      return make("div", { class: "whole" }, table(node, card), passageLink(node.passage));
    case "code":
      return make("div", { class: "whole" }, make("pre", { tabindex: "0" }, make("code", {}, ...runs(node.runs, card))), passageLink(node.passage));
    default:
      return make("p", {}, ...runs(node.runs, card), passageLink(node.passage));
  }
}

// Where a passage begins: its own address, to be copied.
function passageLink(link) {
  if (!link) return "";
  const button = copyButton("Copy link to this passage", () => absolute(link), { symbol: "link", hidden: true, name: "Copy link to this passage" });
  button.classList.add("own");
  return button;
}

function item(row, card) {
  const numbered = /^\d+\. /.test(row.cells[0].map((run) => run.text).join(""));
  return make("li", { class: numbered ? "numbered" : "", style: `--depth: ${row.depth}` }, ...runs(row.cells[0], card), passageLink(row.passage));
}

function table(node, card) {
  const cells = (row) =>
    row.cells.map((cell, at) => (at || !node.columns.length ? make("td", {}, ...runs(cell, card)) : make("th", { scope: "row" }, ...runs(cell, card))));
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

function runs(stretches, card) {
  const made = [];
  let mark = null; // one for a whole sentence, the terms in it too
  for (const run of stretches) {
    const words = run.term ? card.link(run.term, run.text) : run.text;
    if (!run.mark) made.push(words);
    else if (mark) mark.append(words);
    else made.push((mark = make("mark", { tabindex: "-1" }, words)));
    if (!run.mark) mark = null;
  }
  return made;
}

function moveTo(node, block) {
  if (!node) return;
  node.focus({ preventScroll: true });
  comeIntoView(node, block);
}
