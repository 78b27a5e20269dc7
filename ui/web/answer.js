// The answer card: what the guide says, with numbered markers, and under it the sources they stand for.

const FLASH_MS = 1600; // how long a source stays lit after its marker was followed
const HOLD_MS = 2500; // a page that has not grown for so long has come to rest
const HOLD_STEP_MS = 100;

export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const { phrased, ...data } = component.data;
  const set = stage(parentElement, data);
  if (!set) return fillWorded(parentElement, phrased);
  const go = (link) => onPlainClick(() => setTriggerValue("open", link.params));
  const sources = sourceCards(data.sources, data.beside, go);
  const cardOf = new Map();
  data.sources.forEach((source, place) => source.numbers.forEach((number) => cardOf.set(number, sources[place])));
  const box = make("div", { class: "worded", role: "group", "aria-label": "In the language model’s words" });
  worded.set(parentElement, { box, cardOf, told: "" });
  fillWorded(parentElement, phrased);
  const status = make("h2", { class: "status" }, icon(data.status), make("strong", {}, data.label));
  const card = make(
    "article",
    { class: `answer ${data.status}`, "aria-label": `Answer: ${data.label}` },
    data.replaced ? make("p", { class: "replaced" }, data.replaced) : "",
    status,
    box,
    make("div", { class: "told" }, ...paragraphs(data.lines, cardOf), missing(data.missing)),
    noteBox(data.note),
    sources.length ? section("Sources", data.beside ? [make("div", { class: "beside" }, ...sources)] : sources) : "",
    moreSources(data.more, go),
    data.nearest.length ? section("Where to look in the guide", [nearestList(data.nearest, go)]) : "",
    footer(data),
  );
  set.root.append(card);
  if (set.isNew && data.latest) {
    announce(status, data);
    whenLaidOut(() => startReading(card));
  }
}

// The model's words grow sentence by sentence while the rest of the card stays as it is.
const worded = new WeakMap();

function fillWorded(parent, phrased) {
  const kept = worded.get(parent);
  const told = JSON.stringify(phrased ?? null);
  if (!kept || kept.told === told) return;
  kept.told = told;
  kept.box.hidden = !phrased;
  if (!phrased) return;
  const note = make("p", { class: phrased.running ? "note-line running" : "note-line", role: "status" }, phrased.note);
  kept.box.replaceChildren(...paragraphs(phrased.lines, kept.cardOf), note);
}

// Streamlit keeps a page with a chat input at its end until the reader scrolls; an answer is read from its start.
function startReading(card) {
  let scroller = card;
  while (scroller && !isScroller(scroller)) scroller = scroller.parentNode ?? scroller.host;
  if (!scroller) return;
  let [height, until] = [0, 0];
  let left = false;
  const events = ["wheel", "pointerdown", "touchstart", "keydown"];
  const leave = (event) => (left ||= event.isTrusted);
  events.forEach((name) => addEventListener(name, leave, { capture: true, passive: true }));
  const hold = () => {
    if (height !== scroller.scrollHeight) [height, until] = [scroller.scrollHeight, Date.now() + HOLD_MS];
    if (left || !card.isConnected || Date.now() > until) {
      events.forEach((name) => removeEventListener(name, leave, { capture: true }));
      return;
    }
    scroller.dispatchEvent(new WheelEvent("wheel")); // what tells Streamlit that the reader scrolls
    card.scrollIntoView({ block: "start" });
    setTimeout(hold, HOLD_STEP_MS);
  };
  hold();
}

function isScroller(node) {
  return node instanceof Element && /auto|scroll/.test(getComputedStyle(node).overflowY);
}

function missing(what) {
  return what ? make("p", { class: "missing" }, make("strong", {}, "The guide does not say: "), what) : "";
}

function paragraphs(lines, cardOf) {
  const made = [];
  let list = null;
  for (const line of lines) {
    const parts = line.parts.flatMap((part, at) => stretchOfAnswer(line.parts, at, cardOf));
    if (line.item) {
      if (!list) made.push((list = make("ul", { role: "list" })));
      list.append(make("li", {}, ...parts));
    } else {
      list = null;
      made.push(make("p", {}, ...parts));
    }
  }
  return made;
}

// A marker stays on the line of the word before it.
function stretchOfAnswer(parts, at, cardOf) {
  const { text, cite } = parts[at];
  if (cite) return parts[at - 1]?.text ? [] : [marker(cite, cardOf)];
  const next = parts[at + 1]?.cite;
  if (!next) return [text];
  const cut = text.lastIndexOf(" ") + 1;
  return [text.slice(0, cut), make("span", { class: "together" }, text.slice(cut), marker(next, cardOf))];
}

function marker(number, cardOf) {
  const button = make("button", { type: "button", class: "marker", "aria-label": `Source ${number}` }, String(number));
  button.addEventListener("click", () => {
    const card = cardOf.get(number);
    card.open = true;
    const quote = card.querySelector(`mark[data-number="${number}"]`) ?? card;
    quote.focus({ preventScroll: true });
    comeIntoView(quote, "center");
    quote.classList.add("lit");
    setTimeout(() => quote.classList.remove("lit"), FLASH_MS);
  });
  return make("sup", {}, button);
}

function section(title, content) {
  return make("div", { role: "group", "aria-label": title }, make("h3", {}, title), ...content);
}

function nearestList(nearest, go) {
  return make("ul", { class: "nearest", role: "list" }, ...nearest.map((link) => make("li", {}, linkTo(link, go))));
}

function noteBox(note) {
  if (!note.length) return "";
  const [term, text, source] = note;
  return make(
    "div",
    { class: "note", role: "note", "aria-label": "Note, not from the guide" },
    make("strong", {}, "Note, not from the guide"),
    make("p", {}, make("b", {}, term), ": ", text, source ? make("span", { class: "from" }, ` (${source})`) : ""),
  );
}

function footer(data) {
  const small = make("p", { class: "small" }, data.small.join(" · "));
  const buttons = [copyButton("Copy answer", data.markdown), copyButton("Copy link", () => absolute(data.link), { symbol: "link", name: "Copy link to this question" })];
  return make("footer", {}, small, make("div", { class: "actions" }, ...buttons));
}

// A screen reader reads a live region when it changes, not when it appears.
function announce(status, data) {
  const region = make("span", { class: "unseen", role: "status" });
  status.append(region);
  const count = data.sources.length;
  const sources = count ? `, ${count} ${count === 1 ? "source" : "sources"}` : "";
  setTimeout(() => (region.textContent = `${data.label}${sources}.`), 300);
}
