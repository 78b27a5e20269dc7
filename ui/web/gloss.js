// The cards of the terms that the guide defines: shown for a dotted word that is clicked, or for one that is selected.

const LONGEST_NAME = 60; // characters of a selection that may be a term's name

function termCards(data, setTriggerValue) {
  const box = make("div", { class: "term-card", role: "dialog", "aria-label": "Term", hidden: "hidden" });
  let opener = null;

  const close = () => {
    if (box.hidden) return;
    box.hidden = true;
    opener?.setAttribute?.("aria-expanded", "false");
    if (box.contains(box.getRootNode().activeElement)) opener?.focus?.({ preventScroll: true });
    opener = null;
  };

  const fill = (term) => {
    const { kind, definition, where, note, href } = data.terms[term];
    const whole = make("a", { href }, "Everything on this term");
    whole.addEventListener("click", onPlainClick(() => setTriggerValue("term", term)));
    const there = make("a", { href: where.href }, where.label);
    there.addEventListener("click", onPlainClick(() => (close(), setTriggerValue("open", where.params))));
    const shut = make("button", { type: "button", class: "action", "aria-label": "Close" }, "\u00d7");
    shut.addEventListener("click", close);
    box.setAttribute("aria-label", `Term: ${term}`);
    box.replaceChildren(
      make("div", { class: "top" }, make("strong", {}, term), make("span", { class: "kind" }, kind), shut),
      make("p", {}, definition),
      note ? make("p", { class: "note" }, make("strong", {}, "Note, not from the guide: "), note) : "",
      make("p", { class: "ways" }, whole, there),
    );
  };

  // Under the words, within the width of the text.
  const place = (spot) => {
    const around = box.offsetParent.getBoundingClientRect();
    box.style.left = `${Math.max(0, Math.min(spot.left - around.left, around.width - box.offsetWidth))}px`;
    box.style.top = `${spot.bottom - around.top + 6}px`;
  };

  const open = (term, spot, from) => {
    close();
    fill(term);
    box.hidden = false;
    place(spot);
    opener = from;
    from?.setAttribute("aria-expanded", "true");
    if (from) box.querySelector("a").focus({ preventScroll: true });
  };

  const link = (term, words) => {
    if (!data.terms[term]) return words;
    const anchor = make("a", { class: "term", href: data.terms[term].href, "aria-haspopup": "dialog", "aria-expanded": "false" }, words);
    anchor.addEventListener("click", onPlainClick(() => open(term, anchor.getBoundingClientRect(), anchor)));
    return anchor;
  };

  const watch = (page, text) => {
    const root = text.getRootNode();
    text.addEventListener("pointerup", (event) => {
      if (event.target.closest("a, button")) return;
      setTimeout(() => {
        const selection = root.getSelection?.() ?? document.getSelection();
        const words = selection.toString().trim().replace(/\s+/g, " ");
        const term = words && words.length <= LONGEST_NAME ? data.names[words.toLowerCase()] : undefined;
        if (term && data.terms[term]) open(term, selection.getRangeAt(0).getBoundingClientRect(), null);
        else close();
      });
    });
    page.addEventListener("keydown", (event) => event.key === "Escape" && close());
  };

  return { box, link, watch };
}
