// The stretches of a passage, and a button that shows its folded parts and folds them again.

// Where the reading text has an empty line, half a line is enough here.
function spaced(text) {
  return text.split("\n\n").flatMap((piece, at) => (at ? [make("span", { class: "gap" }), piece] : [piece]));
}

function farOff(text) {
  const dots = make("span", { class: "dots", "aria-hidden": "true" }, "… ");
  return [dots, make("span", { class: "rest", hidden: "hidden" }, ...spaced(text))];
}

function wholeButton(passage) {
  const button = make("button", { type: "button", class: "action", "aria-expanded": "false" }, "Whole passage");
  button.addEventListener("click", () => {
    const whole = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(whole));
    button.textContent = whole ? "Less" : "Whole passage";
    passage.querySelectorAll(".rest").forEach((rest) => (rest.hidden = !whole));
    passage.querySelectorAll(".dots").forEach((dots) => (dots.hidden = whole));
  });
  return button;
}
