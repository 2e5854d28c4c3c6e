// The open room: its lines in order, history above, what is on its way below, and where one has scrolled to.
import { get, post } from "./api.js";
import { announce, at, confirmed, fill, h, newId, toast } from "./dom.js";
import { avatar, bubble, gist, nameOf } from "./bubble.js";
import { onLongPress, openMenu } from "./menu.js";
import { Roving } from "./roving.js";
import { separator } from "./times.js";
import { words } from "./words.js";

const GAP = 5 * 60_000;
const NEAR = 80;
const LONG = 30;

export class Talk {
  room = null;
  #lines = at("lines");
  #log = at("log");
  #below = 0;
  #loading = false;
  #firstUnread = 0;
  #oldWords = new Map();

  constructor(state, outbox, link, composer) {
    Object.assign(this, { state, outbox, link, composer });
    this.act = {
      press: (message, data, button) => this.#press(message, data, button),
      goTo: (id) => this.#goTo(id),
      menu: (message, opener) => this.#menu(message, opener.closest(".row").querySelector(".bubble, .pictures"), opener),
      oldWords: (id) => this.#oldWords.get(id),
      writeAgain: (text) => composer.put(text),
    };
    state.addEventListener("messages", ({ detail }) => { if (detail.room === this.room) this.#changed(detail); });
    state.addEventListener("forgotten", ({ detail }) => { if (detail.room === this.room) this.open(this.room); });
    outbox.addEventListener("changed", ({ detail }) => { if (detail.chat === this.room?.chat) this.#pending(); });
    this.#log.addEventListener("scroll", () => this.#scrolled());
    document.addEventListener("visibilitychange", () => this.#read());
    new ResizeObserver(() => { if (this.#stick) this.toBottom(); }).observe(this.#log);
    at("pill").addEventListener("click", () => this.toBottom());
    new Roving(() => composer.input.focus());
    onLongPress(this.#log, (line, target) => {
      const message = this.room.messages.get(line.dataset.id);
      if (message) this.#menu(message, target, line.querySelector(".more"));
    });
  }

  #stick = true;

  async open(room) {
    this.room = room;
    this.#below = 0;
    this.#stick = true;
    this.#firstUnread = room.unread ? room.read + 1 : 0;
    at("title").textContent = room.kind === "group" ? `${room.title} (${room.members})` : words.privateTitle;
    at("pill").hidden = true;
    this.#lines.replaceChildren();
    this.composer.open(room.chat);
    this.#insert([...room.messages.values()]);
    this.#pending();
    if (!room.loaded) await this.#load();
    this.toBottom();
  }

  close() { this.room = null; }

  toBottom() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#stick = true;
    this.#read();
  }

  // History

  async #load() {
    const room = this.room;
    if (this.#loading === room || (room.loaded && !room.more)) return;
    this.#loading = room;
    at("earlier").textContent = words.earlier;
    const oldest = Math.min(...[...room.messages.values()].map((message) => message.seq));
    const before = room.loaded && oldest < Infinity ? `&before=${oldest}` : "";
    try {
      const page = await get(`/room/history?chat=${encodeURIComponent(room.chat)}${before}`);
      room.loaded = true;
      room.more = page.more;
      this.state.merge(room, page.messages);
      if (room === this.room) this.#top();
    } catch {
      if (room === this.room) this.#offerHistory();
    } finally {
      if (this.#loading === room) this.#loading = false;
    }
  }

  #top() {
    const empty = !this.room.messages.size && !this.outbox.of(this.room.chat).length;
    at("earlier").textContent = empty ? words.emptyRoom : this.room.more || this.room.messages.size < LONG ? "" : words.noEarlier;
  }

  #offerHistory() {
    at("earlier").replaceChildren(h("button", { type: "button", onclick: () => this.#load() }, words.historyFailed));
  }

  // Lines

  #changed({ changed, live }) {
    const wasAtBottom = this.#atBottom();
    const height = this.#log.scrollHeight;
    const newest = Number(this.#lines.lastElementChild?.dataset.seq ?? 0);
    this.#insert(changed);
    this.#quotesOf(changed.filter((message) => message.withdrawn));
    const added = changed.filter((message) => message.seq > newest);
    const mine = added.some((message) => message.who === this.state.me.person);
    if (live) this.#speak(added);
    if (wasAtBottom || mine) this.toBottom();
    else if (live) this.#countBelow(added);
    else this.#log.scrollTop += this.#log.scrollHeight - height;
    if (this.room.messages.size && at("earlier").textContent === words.emptyRoom) this.#top();
  }

  #insert(messages) {
    for (const message of messages.sort((a, b) => b.seq - a.seq)) this.#place(message);
  }

  #place(message) {
    const mine = message.who === this.state.me.person;
    const made = bubble(message, { mine, group: this.room.kind === "group", act: this.act });
    const known = this.#line(message.id);
    if (known) {
      const focused = known.contains(document.activeElement);
      known.replaceWith(made);
      if (focused) (made.querySelector(".pills button") ?? made).focus({ preventScroll: true });
    } else this.#before(message.seq, made);
    this.#time(made);
    if (made.nextElementSibling) this.#time(made.nextElementSibling);
  }

  #before(seq, made) {
    // History comes newest first and belongs at the top: no need to walk there.
    const first = this.#lines.firstElementChild;
    if (first && Number(first.dataset.seq) > seq) { this.#lines.prepend(made); return; }
    let later = null;
    for (let line = this.#lines.lastElementChild; line && Number(line.dataset.seq) > seq; line = line.previousElementSibling) later = line;
    this.#lines.insertBefore(made, later);
  }

  #line(id) { return this.#lines.querySelector(`[data-id="${CSS.escape(id)}"]`); }

  #time(line) {
    const message = this.room.messages.get(line.dataset.id);
    const before = this.room.messages.get(line.previousElementSibling?.dataset.id);
    line.querySelector(":scope > .when")?.remove();
    line.querySelector(":scope > .fresh")?.remove();
    if (message.seq >= this.#firstUnread && this.#firstUnread && before && before.seq < this.#firstUnread) {
      line.prepend(h("p", { class: "fresh" }, words.newBelow));
    }
    if (before && message.at - before.at < GAP) return;
    line.prepend(h("time", { class: "when", datetime: new Date(message.at).toISOString() }, separator(message.at)));
  }

  #quotesOf(withdrawn) {
    const gone = new Set(withdrawn.map((message) => message.id));
    if (!gone.size) return;
    for (const message of this.room.messages.values()) {
      if (!message.quote || !gone.has(message.quote.id)) continue;
      message.quote = { ...message.quote, text: null, withdrawn: true };
      if (this.#line(message.id)) this.#place(message);
    }
  }

  #pending() {
    const focused = at("pending").contains(document.activeElement);
    at("pending").replaceChildren(...this.outbox.of(this.room.chat).map((item) => this.#waiting(item)));
    if (focused) (at("pending").lastElementChild ?? this.#lines.lastElementChild)?.focus({ preventScroll: true });
    if (this.#stick) this.toBottom();
  }

  #waiting(item) {
    const { me } = this.state;
    const state = item.error
      ? h("button", { type: "button", class: "state", "aria-label": words.failed, onclick: () => this.outbox.retry(item) }, "!")
      : h("span", { class: "state busy", role: "img", "aria-label": words.sending });
    const said = h("div", { class: "said" }, item.text && h("div", { class: "bubble" }, item.text),
      item.photos.length > 0 && h("div", { class: "pictures" }, ...item.photos.map((photo) =>
        h("span", { class: "thumb" }, h("img", { src: photo.url, alt: words.photoMark })))),
      item.quote && h("span", { class: "quoted" }, fill(words.line, { name: nameOf(item.quote), text: gist(item.quote) })));
    const line = h("li", { class: "line mine", tabindex: "-1" }, h("div", { class: "row" }, avatar(me), said, state));
    if (item.error) {
      line.append(h("p", { class: "why", role: "alert" }, item.error,
        h("button", { type: "button", onclick: () => this.outbox.drop(item) }, words.discard)));
    }
    return line;
  }

  // Scrolling and reading

  #atBottom() { return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR; }

  #scrolled() {
    if (!this.room) return;
    this.#stick = this.#atBottom();
    if (this.#stick) this.#read(); else this.#pill();
    if (this.#log.scrollTop < 200 && this.room.loaded && this.room.more) this.#load();
  }

  #read() {
    if (!this.room || document.hidden || !this.#atBottom()) return;
    this.#below = 0;
    at("pill").hidden = true;
    if (this.state.sawAll(this.room)) this.#tellRead();
  }

  #tellRead() {
    const frame = { t: "read", chat: this.room.chat, seq: this.room.read };
    if (!this.link.send(frame)) post("/room/read", { chat: frame.chat, seq: frame.seq }).catch(() => {});
  }

  #countBelow(added) {
    this.#below += added.filter((message) => message.kind !== "notice" && !message.withdrawn).length;
    this.#pill();
  }

  #pill() {
    const far = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight > this.#log.clientHeight;
    at("pill").hidden = !this.#below && !far;
    at("pill").textContent = this.#below ? fill(words.newMessages, { n: this.#below }) : words.toBottom;
  }

  #speak(added) {
    const others = added.filter((message) => message.who !== this.state.me.person && !message.withdrawn);
    if (others.length) announce(others.map((message) => (message.kind === "notice" ? message.text
      : fill(words.says, { name: nameOf(message), text: gist(message) }))).join("\u3002"));
  }

  // What one does to a message

  #menu(message, target, opener) {
    const items = [[words.quote, () => { this.composer.quote(message); this.composer.input.focus(); }]];
    if (message.text) items.push([words.copy, () => this.#copy(message.text)]);
    if (message.who === this.state.me.person) items.push([words.withdraw, () => this.#withdraw(message)]);
    openMenu(target ?? opener, opener, items);
  }

  async #copy(text) {
    try { await navigator.clipboard.writeText(text); toast(words.copied); } catch { toast(words.copyFailed); }
  }

  async #withdraw(message) {
    if (!(await confirmed(words.withdrawSure))) return;
    this.#oldWords.set(message.id, message.text);
    try {
      await post("/room/withdraw", { chat: this.room.chat, message: message.id });
    } catch (error) { this.#oldWords.delete(message.id); toast(error.message, 4); }
  }

  async #press(message, data, button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    const all = [...button.parentElement.children];
    for (const one of all) one.setAttribute("aria-disabled", "true");
    const free = () => { for (const one of all) one.removeAttribute("aria-disabled"); };
    try {
      await post("/room/press", { chat: this.room.chat, message: message.id, data, id: newId() });
      toast(words.pressed, 1.5);
      setTimeout(free, 4000);
    } catch (error) { free(); toast(error.message, 4); }
  }

  async #goTo(id) {
    const room = this.room;
    for (let tries = 0; tries < 10 && room === this.room && !this.#line(id) && room.more; tries += 1) await this.#load();
    const line = this.#line(id);
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
    line.classList.add("flash");
    setTimeout(() => line.classList.remove("flash"), 1300);
  }
}
