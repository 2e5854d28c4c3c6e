// The bar at the bottom: text that grows, quote, photos, drafts per room and person.
import { at, fill, h, memory, newId, toast } from "./dom.js";
import { gist, nameOf } from "./bubble.js";
import { shrunk } from "./shrink.js";
import { words } from "./words.js";

const MOST_PHOTOS = 9;
const MOST_BYTES = 12 * 1024 * 1024;

export class Composer {
  #chat = null;
  #quote = null;
  #photos = [];

  constructor(state, outbox, sent) {
    this.state = state;
    this.outbox = outbox;
    this.sent = sent;
    this.input = at("input");
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("paste", (event) => this.#paste(event));
    at("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    at("quoting").querySelector("button").addEventListener("click", () => { this.quote(null); this.input.focus(); });
    at("plus").addEventListener("click", () => this.#panel(at("panel").hidden));
    for (const [button, file] of [["pick-photo", "photo-file"], ["take-photo", "camera-file"]]) {
      at(button).addEventListener("click", () => at(file).click());
      at(file).addEventListener("change", () => { this.#choose([...at(file).files]); at(file).value = ""; });
    }
  }

  open(chat) {
    this.#chat = chat;
    this.#photos = [];
    this.quote(null);
    this.#panel(false);
    this.input.value = this.draft(chat);
    this.#show();
  }

  draft(chat) { return memory.get(this.#draftKey(chat)) || ""; }

  // A message to quote, or null for none.
  quote(message) {
    this.#quote = message;
    at("quoting").hidden = !message;
    if (message) at("quoting").querySelector("span").textContent = `${words.quoting} ${fill(words.line, { name: nameOf(message), text: gist(message) })}`;
  }

  put(text) { this.input.value = text; this.#typed(); this.input.focus(); }

  send() {
    const text = this.input.value.trim();
    if (!text && !this.#photos.length) return;
    if ([...text].length > Number(words.textLimit)) { toast(words.tooLong, 4); return; }
    this.outbox.add(this.#chat, text, this.#quote, this.#photos);
    this.#photos = [];
    this.quote(null);
    this.#panel(false);
    this.input.value = "";
    this.#typed();
    this.input.focus();
    this.sent();
  }

  #draftKey(chat) { return `huying-draft:${this.state.me.person}:${chat}`; }

  #typed() {
    memory.set(this.#draftKey(this.#chat), this.input.value);
    this.#show();
  }

  #show() {
    const something = this.input.value.trim() !== "" || this.#photos.length > 0;
    at("send").hidden = !something;
    at("plus").hidden = something && !this.#photos.length && matchMedia("(max-width: 859px)").matches;
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
    at("chosen").hidden = !this.#photos.length;
    at("chosen").replaceChildren(...this.#photos.map((photo) => h("li", {}, h("img", { src: photo.url, alt: "" }),
      h("button", { type: "button", "aria-label": words.photoRemove, onclick: () => this.#remove(photo) }, "×"))));
  }

  #key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || composing) return;
    event.preventDefault();
    this.send();
  }

  #paste(event) {
    const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    this.#choose(files);
  }

  #panel(open) {
    at("panel").hidden = !open;
    at("plus").setAttribute("aria-expanded", String(open));
  }

  async #choose(files) {
    const chat = this.#chat;
    const room = MOST_PHOTOS - this.#photos.length;
    if (files.length > room) toast(words.tooManyPhotos);
    for (const file of files.slice(0, room)) {
      const blob = await shrunk(file);
      if (chat !== this.#chat) return;
      if (blob.size > MOST_BYTES) toast(words.photoTooBig, 4);
      else this.#photos.push({ id: newId(), blob, url: URL.createObjectURL(blob) });
    }
    this.#panel(false);
    this.#show();
    this.input.focus();
  }

  #remove(photo) {
    URL.revokeObjectURL(photo.url);
    this.#photos = this.#photos.filter((other) => other !== photo);
    this.#show();
    this.input.focus();
  }
}
