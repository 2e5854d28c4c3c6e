// Small helpers: making elements, filling sentences, telling people something.
export const at = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

let toastTimer;
export function toast(sentence, seconds = 2.5) {
  at("toast").textContent = sentence;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { at("toast").textContent = ""; }, seconds * 1000);
}

// A new element each time, so that the same words said twice are read twice.
export function announce(sentence) {
  at("announce").replaceChildren(h("span", {}, sentence));
}

export function confirmed(sentence) {
  const dialog = at("confirm");
  at("confirm-text").textContent = sentence;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// Works on plain http too, where crypto.randomUUID is missing.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Storage may be switched off; then nothing is remembered and everything else works.
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) {
    try {
      if (value) localStorage.setItem(key, value); else localStorage.removeItem(key);
    } catch { /* full or off */ }
  },
};
