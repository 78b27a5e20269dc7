// The cards of one or more terms; two stand side by side as quotes, with what the guide does not say left empty.

const FEW_MENTIONS = 4; // shown before the rest is asked for
const BARE = 40; // characters up to which a mention is a heading or a lead-in rather than a sentence

// What is said besides the definition: sentences in reading order, then headings and the like.
function besides(card) {
  const others = card.mentions.filter((each) => each.number !== card.definition?.number);
  const bare = (quoted) => Number(quoted.text.length <= BARE);
  return others.sort((one, other) => bare(one) - bare(other));
}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const set = stage(parentElement, data);
  if (!set) return;
  const go = (params) => onPlainClick(() => setTriggerValue("go", params));
  const open = (quoted) => onPlainClick(() => setTriggerValue("open", quoted.params));
  const tools = { go, open, choose: (params) => setTriggerValue("go", params), names: data.names };
  const sheet = !data.names.length;
  if (sheet) set.root.append(printing());
  if (data.cards.length === 2 && !sheet) set.root.append(beside(data.cards, tools));
  const cards = data.cards.map((card) => cardOf(card, tools, data.cards.length === 1, sheet));
  set.root.append(make("div", { class: sheet ? "cards sheet" : "cards" }, ...cards));
}

function printing() {
  const button = make("button", { type: "button", class: "action" }, "Print");
  button.addEventListener("click", () => window.print());
  return make("div", { class: "tools" }, button);
}

function cardOf(card, tools, alone, sheet) {
  const head = make("header", {}, make("h2", {}, card.term), make("span", { class: "kind" }, card.kind));
  const parts = [head];
  if (card.aliases.length) parts.push(make("p", { class: "also" }, `also ${card.aliases.join(", ")}`));
  if (card.definition) {
    parts.push(make("p", { class: "says" }, card.definition.text), placeLink(card.definition, tools));
  } else {
    parts.push(make("p", { class: "unsaid" }, "The guide names it without saying what it is."));
  }
  if (card.note) parts.push(make("p", { class: "note" }, make("strong", {}, "Note, not from the guide"), card.note));
  if (!sheet) {
    const others = besides(card);
    if (others.length) parts.push(make("h3", {}, card.definition ? "Also mentioned" : "Where it is mentioned"), ...mentions(others, tools));
    if (card.related.length) parts.push(make("h3", {}, "Related in the guide"), related(card, tools));
    parts.push(actions(card, tools, alone));
  }
  return make("article", { class: "card", "aria-label": card.term }, ...parts);
}

function placeLink(quoted, tools) {
  const link = make("a", { class: "place", href: quoted.href }, quoted.path || "Open in the guide");
  link.addEventListener("click", tools.open(quoted));
  return link;
}

function mentions(quotes, tools) {
  const item = (quoted) => make("li", {}, quoted.text, placeLink(quoted, tools));
  const list = make("ul", { class: "mentions" }, ...quotes.slice(0, FEW_MENTIONS).map(item));
  if (quotes.length <= FEW_MENTIONS) return [list];
  const more = make("button", { type: "button", class: "action" }, `${quotes.length - FEW_MENTIONS} more`);
  more.addEventListener("click", () => {
    const rest = quotes.slice(FEW_MENTIONS).map(item);
    list.append(...rest);
    more.remove();
    rest[0].querySelector("a").focus();
  });
  return [list, more];
}

function related(card, tools) {
  return make("div", { class: "related" }, ...card.related.map((name) => {
    const params = { term: name, beside: "" };
    const link = make("a", { href: `?${new URLSearchParams({ term: name })}` }, name);
    link.addEventListener("click", tools.go(params));
    return link;
  }));
}

function actions(card, tools, alone) {
  const row = make("div", { class: "tools" }, copyButton("Copy link", () => absolute(`skills?${new URLSearchParams({ term: card.term })}`), { symbol: "link" }));
  if (!alone) return row;
  const select = make("select", { id: `with-${card.term}` }, make("option", { value: "" }, "choose a term"));
  const option = (name) => make("option", { value: name }, name);
  select.append(
    make("optgroup", { label: "Related" }, ...card.related.map(option)),
    make("optgroup", { label: "All" }, ...tools.names.filter((name) => name !== card.term).map(option)),
  );
  select.addEventListener("change", () => select.value && tools.choose({ term: card.term, beside: select.value }));
  row.append(make("label", { for: `with-${card.term}` }, "Side by side with"), select);
  return row;
}

function beside(cards, tools) {
  const others = cards.map((card) => besides(card).slice(0, FEW_MENTIONS));
  const cell = (quoted) => (quoted ? make("td", {}, quoted.text, placeLink(quoted, tools)) : make("td", {}));
  const title = (text) => make("tr", {}, make("th", { colspan: "2", scope: "colgroup" }, text));
  const rows = [title("What the guide says it is"), make("tr", {}, ...cards.map((card) => cell(card.definition)))];
  const most = Math.max(...others.map((each) => each.length));
  if (most) rows.push(title("What else it says"));
  for (let at = 0; at < most; at += 1) rows.push(make("tr", {}, ...others.map((each) => cell(each[at]))));
  const head = make("thead", {}, make("tr", {}, ...cards.map((card) => make("th", { scope: "col" }, card.term))));
  const alone = make("button", { type: "button", class: "action" }, `Only ${cards[0].term}`);
  alone.addEventListener("click", () => tools.choose({ term: cards[0].term, beside: "" }));
  return make("section", { "aria-label": "Side by side" },
    make("div", { class: "side", tabindex: "0", role: "region", "aria-label": `${cards[0].term} and ${cards[1].term}` }, make("table", {}, head, make("tbody", {}, ...rows))),
    make("div", { class: "tools" }, alone));
}
