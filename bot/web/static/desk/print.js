// The poster's button: printing needs a script; without it the browser's own menu prints as well.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
