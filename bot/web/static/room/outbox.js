// What is on its way: one message after the other, so that their order stays; each with an id of its own, so
// that sending it again is the same message. Words survive a reload, photos do not.
import { post, upload } from "./api.js";
import { memory, newId } from "./dom.js";

const PATIENCE = 8_000;

export class Outbox extends EventTarget {
  items = [];
  #waiting = new Map();
  #busy = false;
  #key;

  constructor(link, state) {
    super();
    this.link = link;
    this.state = state;
    this.#key = `huying-outbox:${state.me.person}`;
    try {
      this.items = JSON.parse(memory.get(this.#key) || "[]").map((item) => ({ ...item, photos: [], error: null }));
    } catch { this.items = []; }
    link.addEventListener("frame", ({ detail }) => this.#heard(detail));
    link.addEventListener("state", () => { if (link.online) this.flush(); });
    state.addEventListener("messages", ({ detail }) => this.#arrived(detail.changed));
  }

  of(chat) { return this.items.filter((item) => item.chat === chat); }

  add(chat, text, quote, photos) {
    this.items.push({ id: newId(), chat, text, quote, photos, names: [], error: null });
    this.#changed(chat);
    this.flush();
  }

  retry(item) { item.error = null; this.#changed(item.chat); this.flush(); }

  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.#changed(item.chat);
  }

  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let item; (item = this.items.find((one) => !one.error));) {
        if (!(await this.#send(item))) break;
      }
    } finally { this.#busy = false; }
  }

  // False: no network now; the rest waits for it.
  async #send(item) {
    try {
      for (const photo of item.photos.slice(item.names.length)) {
        const kept = await upload(`/room/photo?chat=${encodeURIComponent(item.chat)}`, photo.blob);
        item.names.push(kept.name);
      }
      const message = await this.#say(item);
      this.#done(item.id);
      const room = this.state.rooms.get(item.chat);
      if (room) this.state.merge(room, [message], { live: true });
    } catch (error) {
      if (error.status === 429) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(30, (error.wait || 2) + 0.2)));
        return true;
      }
      if (!error.status) { setTimeout(() => this.flush(), 3000); return false; }
      item.error = error.message;
      this.#changed(item.chat);
    }
    return true;
  }

  #say(item) {
    const asked = { id: item.id, chat: item.chat, text: item.text, quote: item.quote?.id ?? null, photos: item.names };
    return new Promise((resolve, reject) => {
      const fallBack = () => {
        if (!this.#waiting.delete(item.id)) return;
        post("/room/send", asked).then(({ message }) => resolve(message), reject);
      };
      this.#waiting.set(item.id, { resolve, reject });
      if (this.link.send({ t: "say", ...asked })) setTimeout(fallBack, PATIENCE); else fallBack();
    });
  }

  #heard(frame) {
    const waiting = this.#waiting.get(frame.id);
    if (!waiting || (frame.t !== "ack" && frame.t !== "no")) return;
    this.#waiting.delete(frame.id);
    if (frame.t === "ack") waiting.resolve(frame.message);
    else waiting.reject(Object.assign(new Error(frame.error), { status: frame.status, wait: frame.wait }));
  }

  #arrived(messages) {
    for (const message of messages) {
      if (message.who === this.state.me.person && message.cid) this.#done(message.cid);
    }
  }

  #done(id) {
    const item = this.items.find((one) => one.id === id);
    if (!item) return;
    for (const photo of item.photos) URL.revokeObjectURL(photo.url);
    this.drop(item);
  }

  #changed(chat) {
    const kept = this.items.filter((item) => !item.photos.length)
      .map(({ id, chat: where, text, quote }) => ({ id, chat: where, text, quote, names: [] }));
    memory.set(this.#key, kept.length ? JSON.stringify(kept) : "");
    this.dispatchEvent(new CustomEvent("changed", { detail: { chat } }));
  }
}
