// What is marked in somebody's words goes into the field that is to be filled from them.
const said = document.querySelector("[data-said]");
const field = said && document.getElementById(said.dataset.said);

if (field) {
  said.addEventListener("pointerup", () => {
    const marked = String(getSelection()).trim();
    if (marked && said.textContent.includes(marked)) field.value = marked;
  });
}
