// Photos on a form: made small before they leave, shown, and taken off again. Without this, or in an old
// browser, the field works by itself.
import { shrunk } from "./shrink.js";

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

class Chosen {
  #files = [];
  #turn = Promise.resolve();

  constructor(box) {
    box.classList.add("scripted"); // the field itself says nothing any more: what is chosen is shown below
    this.words = box.dataset;
    this.most = Number(box.dataset.most);
    this.mostBytes = Number(box.dataset.megabytes) * 1024 * 1024;
    this.input = box.querySelector("input");
    this.status = box.querySelector("[role=status]");
    this.list = box.querySelector("ul");
    this.input.addEventListener("change", () => this.#add([...this.input.files]));
    this.input.form.addEventListener("submit", () => { this.status.textContent = ""; });
  }

  // What is picked later comes on top of what was picked before; until it is small, the field holds all.
  #add(files) {
    const all = [...this.#files, ...files];
    this.#put(all.slice(0, this.most));
    this.status.textContent = this.words.shrinking;
    this.#turn = this.#turn.then(() => this.#take(files));
  }

  async #take(files) {
    let problem = "";
    for (const file of files) {
      if (this.#files.length >= this.most) { problem = this.words.tooMany; break; }
      const blob = await shrunk(file);
      if (blob.size > this.mostBytes) { problem = this.words.tooBig; continue; }
      const name = blob === file ? file.name : "photo.jpg";
      this.#files.push(new File([blob], name, { type: blob.type }));
    }
    this.#put(this.#files);
    this.#show(problem);
  }

  #put(files) {
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    this.input.files = carrier.files;
  }

  #show(problem) {
    const count = this.#files.length;
    const chosen = count ? fill(this.words.chosen, { count }) : "";
    this.status.textContent = [problem, chosen].filter(Boolean).join(" ");
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.#files.map((file, index) => this.#item(file, index)));
    this.list.hidden = !count;
  }

  #item(file, index) {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = "";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", fill(this.words.remove, { number: index + 1 }));
    button.addEventListener("click", () => this.#remove(file));
    item.append(image, button);
    return item;
  }

  #remove(file) {
    this.#files = this.#files.filter((other) => other !== file);
    this.#put(this.#files);
    this.#show("");
    this.input.focus();
  }
}

function canPut() {
  try { return new DataTransfer().items !== undefined; } catch { return false; }
}

if (canPut()) for (const box of document.querySelectorAll("[data-photos]")) new Chosen(box);
