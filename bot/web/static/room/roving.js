// The log is one stop of the Tab key: up and down go from message to message, left and right to the buttons of
// one, Enter opens its menu, Escape goes back to writing. Where one was is remembered until somebody writes.
import { at } from "./dom.js";

const ALONG = { ArrowUp: -1, ArrowDown: 1 };
const INSIDE = { ArrowLeft: -1, ArrowRight: 1 };
const controls = (line) => [...line.querySelectorAll("a, button")];

export class Roving {
  #log = at("log");
  #stop = null;

  constructor(leave) {
    this.leave = leave;
    this.#log.addEventListener("keydown", (event) => this.#key(event));
    this.#log.addEventListener("focusin", ({ target }) => this.#stopAt(target.closest(".line")));
    new MutationObserver(() => this.#settle()).observe(this.#log, { childList: true, subtree: true });
  }

  #lines() { return [...this.#log.querySelectorAll(".line")]; }

  #settle() {
    for (const control of this.#log.querySelectorAll(".line :is(a, button):not([tabindex])")) control.tabIndex = -1;
    const inside = this.#log.contains(document.activeElement);
    if (!inside || !this.#stop?.isConnected) this.#stopAt(this.#lines().at(-1));
  }

  #stopAt(line) {
    if (!line || line === this.#stop) return;
    if (this.#stop) this.#stop.tabIndex = -1;
    this.#stop = line;
    line.tabIndex = 0;
  }

  #key(event) {
    const line = event.target.closest(".line");
    if (!line || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const goal = this.#goal(event.key, line, event.target);
    if (goal) goal.focus();
    else if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && event.target === line) line.querySelector(".more")?.click();
    else return;
    event.preventDefault();
  }

  // Where the key leads, or nothing if it leads nowhere. At either end one stays.
  #goal(key, line, here) {
    if (key in INSIDE) {
      const stops = [line, ...controls(line)];
      return stops[stops.indexOf(here) + INSIDE[key]] ?? here;
    }
    const lines = this.#lines();
    if (key in ALONG) return lines[lines.indexOf(line) + ALONG[key]] ?? here;
    return { Home: lines[0], End: lines.at(-1) }[key];
  }
}
