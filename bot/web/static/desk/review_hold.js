// Acts that are held for a while before they are sent, so that they can be taken back wholly.
// The law of this file: what is held is sent after SECONDS, or at once when the page is left; what is
// taken back was never sent.

const SECONDS = 6;
const SHOWN = 3; // with more than these, the oldest is sent at once
const LINGERS = 12; // seconds for which the way back stays after sending

export class Holder {
  constructor(box, words, announce) {
    this.box = box;
    this.words = words;
    this.announce = announce;
    this.held = [];
    this.sent = [];
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  // `send` resolves to {said, redo}, or to null where it failed and has shown so by itself.
  add(text, { undo, send }) {
    const entry = { undo, send, row: this.row(text, this.words.held) };
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.undo;
    button.addEventListener("click", () => this.takeBack(entry));
    entry.row.append(button);
    entry.timer = setTimeout(() => this.go(entry), SECONDS * 1000);
    this.held.push(entry);
    if (this.held.length > SHOWN) this.go(this.held[0]);
    this.announce(text);
  }

  row(text, small) {
    const row = document.createElement("p");
    const said = document.createElement("span");
    said.textContent = text;
    row.append(said);
    if (small) said.append(" ", Object.assign(document.createElement("small"), { textContent: small }));
    this.box.append(row);
    this.box.hidden = false;
    return row;
  }

  takeBack(entry) {
    if (!this.drop(entry)) return;
    this.remove(entry.row);
    entry.undo();
    this.announce(this.words.undone);
  }

  drop(entry) {
    clearTimeout(entry.timer);
    const at = this.held.indexOf(entry);
    if (at >= 0) this.held.splice(at, 1);
    return at >= 0;
  }

  async go(entry) {
    if (!this.drop(entry)) return;
    this.remove(entry.row);
    const told = await entry.send();
    if (!told) return;
    this.announce(told.said);
    if (told.redo) this.linger(told);
  }

  // It took effect: the way back leads over the card, where it is chosen again.
  linger(told) {
    for (const old of this.sent.splice(0)) this.remove(old.row);
    const row = this.row(told.said);
    const link = Object.assign(document.createElement("a"), { href: told.redo, textContent: this.words.redo });
    row.append(link);
    const entry = { row, link };
    this.sent.push(entry);
    setTimeout(() => this.remove(row), LINGERS * 1000);
  }

  remove(row) {
    row.remove();
    this.sent = this.sent.filter((one) => one.row !== row);
    this.box.hidden = !this.box.childElementCount;
  }

  undoLast() {
    if (this.held.length) this.takeBack(this.held.at(-1));
    else if (this.sent.length) this.sent.at(-1).link.click();
    else this.announce(this.words.none);
  }

  flush() {
    for (const entry of [...this.held]) this.go(entry);
  }
}
