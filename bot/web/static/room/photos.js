// Photos: made small before they leave, fetched as blobs (a tab's own token travels in a header, which an
// <img> cannot send), shown large in a dialog.
import { blobOf } from "./api.js";
import { at } from "./dom.js";
import { words } from "./words.js";

const LONGEST = 1600;
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

// The photo at most 1600 px wide or high; as it is, where the browser cannot read it (the server may).
export async function shrunk(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85));
  } catch { return file; }
}

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
