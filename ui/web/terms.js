// The index of terms: filtered at every key by all names; what is near by meaning comes from the server a moment later.

const PAUSE_MS = 300; // without a key, until the server is asked
const indexes = new WeakMap();

const folded = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}+#]/gu, "");

// Whether one edit makes the one the other, the other possibly going on: a name that is being typed.
function nearly(typed, name) {
  if (typed.length < 4) return false;
  for (const size of [typed.length - 1, typed.length, typed.length + 1]) {
    if (size <= name.length && oneEdit(typed, name.slice(0, size))) return true;
  }
  return false;
}

function oneEdit(left, right) {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const rest = [left.slice(at), right.slice(at)];
  const swapped = rest[0].length > 1 && rest[0][0] === rest[1][1] && rest[0][1] === rest[1][0] && rest[0].slice(2) === rest[1].slice(2);
  return swapped || rest[0].slice(1) === rest[1].slice(1) || rest[0].slice(1) === rest[1] || rest[0] === rest[1].slice(1);
}

function hitOf(term, typed) {
  const names = [term.term, ...term.names];
  const starts = names.find((name) => folded(name).startsWith(typed));
  if (starts) return { rank: starts === term.term ? 0 : 1, name: starts };
  const holds = typed.length > 1 && names.find((name) => folded(name).includes(typed));
  if (holds) return { rank: 2, name: holds };
  const near = names.find((name) => nearly(typed, folded(name)));
  return near ? { rank: 3, name: near } : null;
}

function address(params) {
  return `?${new URLSearchParams(params)}`;
}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let index = indexes.get(parentElement);
  if (!index) {
    index = newIndex(parentElement);
    indexes.set(parentElement, index);
  }
  index.send = setTriggerValue;
  index.show(data);
}

function newIndex(parent) {
  const index = { by: "letter", data: null, waiting: 0 };
  const box = make("input", { id: "find", class: "find", type: "search", autocomplete: "off", spellcheck: "false", placeholder: "k8s, postgres, encryption…" });
  const label = make("label", { for: "find" }, "Find a term by any of its names");
  const said = make("p", { class: "told", role: "status" });
  const ways = make("div", { class: "ways", role: "group", "aria-label": "Order of the index" });
  const letters = make("div", { class: "letters", role: "group", "aria-label": "Letters" });
  const lists = make("div", { class: "lists", tabindex: "0", role: "region", "aria-label": "Terms" });
  const root = make("div", { class: "index" }, label, box, said, ways, letters, lists);
  parent.append(root);
  for (const [by, name] of [["letter", "By letter"], ["area", "By area"]]) {
    const button = make("button", { type: "button", "aria-pressed": String(by === index.by) }, name);
    button.addEventListener("click", () => {
      index.by = by;
      for (const other of ways.children) other.setAttribute("aria-pressed", String(other === button));
      draw();
    });
    ways.append(button);
  }
  box.addEventListener("input", () => {
    clearTimeout(index.waiting);
    index.data = { ...index.data, near: [], missing: false };
    draw();
    index.waiting = setTimeout(() => index.send("typed", box.value), PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    const first = lists.querySelector("a");
    if (event.key === "Enter" && first) first.click();
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  });
  lists.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = [...lists.querySelectorAll("a")];
    const next = links[links.indexOf(parent.getRootNode().activeElement) + step];
    event.preventDefault();
    (next ?? (step < 0 ? box : lists)).focus();
  });

  function line(term, name) {
    const current = index.data.shown.includes(term.term);
    const link = make("a", { href: address({ term: term.term }), "aria-current": current ? "true" : "" }, term.term);
    if (name && name !== term.term) link.append(make("span", { class: "also" }, name));
    link.append(make("span", { class: "kind" }, term.kind));
    link.addEventListener(
      "click",
      onPlainClick(() => {
        clearTimeout(index.waiting);
        index.send("go", { term: term.term, beside: "", find: box.value });
      }),
    );
    return make("li", {}, link);
  }

  function group(name, items) {
    return [make("h3", { "data-group": name }, name), make("ul", {}, ...items)];
  }

  function draw() {
    const { terms, near, missing, query } = index.data;
    const typed = folded(box.value);
    letters.replaceChildren();
    letters.hidden = Boolean(typed) || index.by !== "letter";
    ways.hidden = Boolean(typed);
    said.className = "told";
    if (typed) {
      const hits = terms.map((term) => ({ term, hit: hitOf(term, typed) })).filter((each) => each.hit);
      hits.sort((one, other) => one.hit.rank - other.hit.rank);
      const there = new Set(hits.map((each) => each.term.term));
      const others = near.filter((name) => !there.has(name)).map((name) => terms.find((term) => term.term === name)).filter(Boolean);
      const lacking = missing && folded(query) === typed && !hits.some((each) => each.hit.rank < 2);
      if (lacking) said.className = "told missing";
      said.textContent = lacking ? `The guide never mentions “${box.value.trim()}”. What comes nearest:` : `${hits.length} of ${terms.length} terms by name`;
      lists.replaceChildren(
        make("ul", {}, ...hits.map(({ term, hit }) => line(term, hit.name))),
        ...(others.length ? group("Near in meaning", others.map((term) => line(term))) : []),
      );
      return;
    }
    said.textContent = `${terms.length} terms, ${terms.filter((term) => term.defined).length} of them defined by the guide`;
    const groups = new Map();
    for (const term of terms) {
      const name = index.by === "area" ? term.area : /^\p{L}/u.test(term.term) ? term.term[0].toUpperCase() : "#";
      groups.set(name, [...(groups.get(name) ?? []), term]);
    }
    lists.replaceChildren(...[...groups].flatMap(([name, found]) => group(name, found.map((term) => line(term)))));
    if (index.by === "letter") {
      for (const name of groups.keys()) {
        const button = make("button", { type: "button", "aria-label": `Terms with ${name}` }, name);
        button.addEventListener("click", () => {
          const heading = [...lists.querySelectorAll("h3")].find((each) => each.dataset.group === name);
          lists.scrollTop = heading.offsetTop - lists.offsetTop;
          heading.nextElementSibling.querySelector("a").focus({ preventScroll: true });
        });
        letters.append(button);
      }
    }
  }

  index.show = (data) => {
    if (index.told === JSON.stringify(data)) return;
    index.told = JSON.stringify(data);
    const isFirst = index.data === null;
    index.data = data;
    if (isFirst || (box !== parent.getRootNode().activeElement && data.query !== box.value)) box.value = data.query;
    root.classList.toggle("folded", data.shown.length > 0 && !box.value);
    const top = lists.scrollTop;
    draw();
    lists.scrollTop = top;
  };
  return index;
}
