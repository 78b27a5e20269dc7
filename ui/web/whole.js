// A button that shows the folded parts of a passage, and folds them again.

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
