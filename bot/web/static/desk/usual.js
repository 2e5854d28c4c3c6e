// Usual sentences: a press puts one into the field, after what stands there already.
for (const group of document.querySelectorAll("[data-fills]")) {
  const field = document.getElementById(group.dataset.fills);
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const before = field.value.trim();
    const whole = before ? `${before.replace(/[，。,.]$/, "")}，${button.textContent}` : button.textContent;
    field.value = field.maxLength > 0 ? whole.slice(0, field.maxLength) : whole;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
}
