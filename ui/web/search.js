// The search box: says what is typed once the typing pauses, or at once on Enter. It is never drawn anew while one types.

const PAUSE_MS = 200;
const boxes = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const box = boxes.get(parentElement) ?? searchBox(parentElement);
  boxes.set(parentElement, box);
  box.send = (text) => setTriggerValue("typed", text);
  box.show(data);
}

function searchBox(parent) {
  const box = { send: () => {}, show };
  const input = make("input", {
    type: "search", id: "query", placeholder: "A word, a name or a question", autocomplete: "off", spellcheck: "false",
    enterkeyhint: "search", "aria-describedby": "said",
  });
  const said = make("p", { id: "said", class: "unseen", role: "status" });
  let [timer, sent] = [0, null];
  const send = () => {
    clearTimeout(timer);
    const text = input.value.trim();
    if (text === sent) return;
    sent = text;
    box.send(text);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) send();
  });
  parent.append(make("div", { class: "box", role: "search" }, make("label", { for: "query", class: "unseen" }, "Search the guide"), input, said));
  if (matchMedia("(hover: hover)").matches) input.focus({ preventScroll: true });

  // What the page was opened with, or went back to; never what is still behind the typing.
  function show({ query, summary }) {
    const behind = sent !== null && query !== sent && input.matches(":focus");
    if (!behind && input.value.trim() !== query && !(input.matches(":focus") && query === sent)) input.value = query;
    if (!behind) sent = query;
    if (said.textContent !== summary) said.textContent = summary;
  }
  return box;
}
