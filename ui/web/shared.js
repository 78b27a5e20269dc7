// What all components use. Data becomes text nodes and attributes only: there is no innerHTML here.

const SHOWN_MS = 2000; // how long a button says that it has copied

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "") node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

const ICONS = {
  answered: "M9 16.2 4.8 12l-1.4 1.4L9 19 21 7l-1.4-1.4z",
  closest: "M4 10c3-4 6-4 8-2s5 2 8-2v3c-3 4-6 4-8 2s-5-2-8 2zm0 7c3-4 6-4 8-2s5 2 8-2v3c-3 4-6 4-8 2s-5-2-8 2z",
  not_covered: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 0 1 4.9 1.7L5.7 16.9A8 8 0 0 1 12 4zm0 16a8 8 0 0 1-4.9-1.7L18.3 7.1A8 8 0 0 1 12 20z",
  copy: "M16 1H4a2 2 0 0 0-2 2v14h2V3h12zm3 4H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2zm0 16H8V7h11z",
  link: "M3.9 12A3.1 3.1 0 0 1 7 8.9h4V7H7a5 5 0 0 0 0 10h4v-1.9H7A3.1 3.1 0 0 1 3.9 12zM8 13h8v-2H8zm9-6h-4v1.9h4a3.1 3.1 0 0 1 0 6.2h-4V17h4a5 5 0 0 0 0-10z",
  open: "M18 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V4a2 2 0 0 0-2-2zM9 4h2v5l-1-.75L9 9zm9 16H6V4h1v9l3-2.25L13 13V4h5z",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard without https or localhost: the old way.
    const area = make("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function copyButton(label, text, { symbol = "copy", hidden = false, name = "" } = {}) {
  const words = make("span", { class: hidden ? "unseen" : "" }, label);
  const said = make("span", { class: "unseen", role: "status" });
  const button = make("button", { type: "button", class: "action", title: hidden ? label : "", "aria-label": name }, icon(symbol), words);
  button.addEventListener("click", async () => {
    await toClipboard(typeof text === "function" ? text() : text);
    button.classList.add("done");
    words.textContent = hidden ? label : "Copied";
    said.textContent = "Copied";
    setTimeout(() => {
      button.classList.remove("done");
      words.textContent = label;
      said.textContent = "";
    }, SHOWN_MS);
  });
  return make("span", { class: "copying" }, button, said);
}

function absolute(relative) {
  return new URL(relative, document.baseURI).href;
}

function isPlainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

// What a link does within the app; with a key held down, or another button, it stays the browser's.
function onPlainClick(act) {
  return (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    act(event);
  };
}

function linkTo(link, go) {
  const anchor = make("a", { href: link.href }, link.label);
  anchor.addEventListener("click", go(link));
  return anchor;
}

function comeIntoView(node, block) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

// A moment later, since Streamlit lays the page out anew once a component has its height.
function whenLaidOut(act) {
  requestAnimationFrame(() => setTimeout(act, 150));
}

// The element of a component's own that holds what it shows, made on the first call.
const shown = new WeakMap();

function stage(parent, data) {
  const told = JSON.stringify(data);
  const before = shown.get(parent);
  if (before?.told === told) return null; // a rerun of the page that changed nothing here
  const root = before?.root ?? make("div");
  if (!before) parent.append(root);
  shown.set(parent, { told, root });
  root.replaceChildren();
  return { root, isNew: !before };
}
