// Looks every few seconds whether what was written is registered, and goes on then: nothing moves under whoever
// reads meanwhile. Without a script the page refreshes itself.
const place = document.querySelector("[data-again]");
const seconds = Number(place.dataset.again);

async function isReady() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return answer.ok && !page.querySelector("[data-again]");
}

async function look() {
  if (await isReady().catch(() => false)) location.reload();
  else setTimeout(look, seconds * 1000);
}

setTimeout(look, seconds * 1000);
