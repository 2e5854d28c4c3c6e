// Photos: fetched as blobs (a tab's own token travels in a header, which an
// <img> cannot send), shown large in a dialog.
import { blobOf } from "./api.js";
import { at } from "./dom.js";
import { words } from "./words.js";

const urls = new Map();

export function photoUrl(name) {
  if (!urls.has(name)) {
    const found = blobOf(`/room/photo/${name}`).then((blob) => URL.createObjectURL(blob));
    found.catch(() => urls.delete(name));
    urls.set(name, found);
  }
  return urls.get(name);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    show(target);
  }
}, { rootMargin: "400px" });

function show(image) {
  photoUrl(image.dataset.name).then(
    (url) => { image.src = url; },
    () => { image.parentElement.classList.add("lost"); image.parentElement.dataset.lost = words.photoFailed; },
  );
}

export function showWhenNear(image) { watcher.observe(image); }

export function openViewer(url, label) {
  const viewer = at("viewer");
  viewer.querySelector("img").src = url;
  viewer.querySelector("img").alt = label;
  viewer.showModal();
}

export function setUpViewer() {
  const viewer = at("viewer");
  viewer.addEventListener("click", () => viewer.close());
}
