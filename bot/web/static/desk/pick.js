// Check boxes of the queue: how many are picked, and all of the page at a press.
const form = document.getElementById("many");
const told = form?.querySelector("[data-picked]");

if (told) {
  const boxes = [...form.querySelectorAll("input[name=case]")];
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    told.textContent = told.dataset.picked.replace("{count}", count);
    told.parentElement.hidden = count === 0;
  };
  for (const button of form.querySelectorAll("[data-pick]")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = button.dataset.pick === "all";
      tell();
    });
  }
  form.addEventListener("change", tell);
  tell();
}
