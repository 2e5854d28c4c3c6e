// The dark little menu over a message: by long press, right click, or its ⋯ button.
import { at, h } from "./dom.js";
import { words } from "./words.js";

const LONG_PRESS = 450;
let close = () => {};

function place(menu, target) {
  const box = target.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(innerWidth - width - 8, box.left + box.width / 2 - width / 2));
  const above = box.top - height - 8;
  menu.style.left = `${left}px`;
  const below = Math.min(innerHeight - height - 8, box.bottom + 8);
  menu.style.top = `${Math.max(8, above > at("log").getBoundingClientRect().top ? above : below)}px`;
}

function arrows(menu, event) {
  const items = [...menu.children];
  const here = items.indexOf(document.activeElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) items[(here + step + items.length) % items.length].focus();
  if (event.key === "Escape" || event.key === "Tab") close();
  if (step || event.key === "Escape") event.preventDefault();
}

// `items`: [label, what it does] pairs; `opener` gets the focus back.
export function openMenu(target, opener, items) {
  close();
  const menu = h("div", { id: "menu", role: "menu", "aria-label": words.messageMenu },
    ...items.map(([label, act]) => h("button", {
      type: "button", role: "menuitem", tabindex: "-1", onclick: () => { close(); act(); },
    }, label)));
  const outside = (event) => { if (!menu.contains(event.target)) close(false); };
  close = (refocus = true) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    at("log").removeEventListener("scroll", close);
    opener.setAttribute("aria-expanded", "false");
    if (refocus === true) opener.focus({ preventScroll: true });
    close = () => {};
  };
  menu.addEventListener("keydown", (event) => arrows(menu, event));
  at("app").append(menu);
  place(menu, target);
  opener.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  at("log").addEventListener("scroll", close);
  menu.firstElementChild.focus({ preventScroll: true });
}

// Calls `open(line)` for the message that was pressed long or clicked right.
export function onLongPress(log, open) {
  let timer = null;
  const stop = () => { clearTimeout(timer); timer = null; };
  const bubbleOf = (event) => event.target.closest(".bubble, .thumb");
  log.addEventListener("contextmenu", (event) => {
    if (!bubbleOf(event) || event.target.closest("a") || !getSelection().isCollapsed) return;
    event.preventDefault();
    open(event.target.closest(".line"), bubbleOf(event));
  });
  log.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || !bubbleOf(event)) return;
    const line = event.target.closest(".line");
    const target = bubbleOf(event);
    stop();
    timer = setTimeout(() => { navigator.vibrate?.(10); open(line, target); }, LONG_PRESS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove", "scroll"]) {
    log.addEventListener(end, (event) => {
      if (end !== "pointermove" || Math.abs(event.movementX) + Math.abs(event.movementY) > 6) stop();
    });
  }
}
