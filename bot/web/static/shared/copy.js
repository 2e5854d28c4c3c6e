// Buttons that copy what a field holds, or without one the address of the page; without a script they stay
// hidden and it can be marked.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies); // null: the address
  const told = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field?.value ?? location.href);
      told.textContent = button.dataset.copied;
    } catch {
      field?.select();
      told.textContent = button.dataset.failed;
    }
  });
}
