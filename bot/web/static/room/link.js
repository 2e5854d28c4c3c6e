// The socket: opens with the cursors, notices silence, comes back by itself; where no socket can be opened
// (old proxies), it asks every few seconds instead.
import { get, token } from "./api.js";

const SILENCE = 45_000;
const PING = 15_000;
const POLL = 3_000;
const OPENING = 10_000;
const TRIES_BEFORE_POLLING = 4;

export class Link extends EventTarget {
  online = false;
  #socket = null;
  #tries = 0;
  #timer = null;
  #heard = 0;
  #stopped = false;

  constructor(cursors) {
    super();
    this.cursors = cursors;
    setInterval(() => this.#watch(), PING);
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#hurry(); });
  }

  open() {
    if (this.#stopped) return;
    const cursor = encodeURIComponent(JSON.stringify(this.cursors()));
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const protocols = ["huying-room"];
    if (token.get()) protocols.push(`token.${token.get()}`);
    let socket;
    try {
      socket = new WebSocket(`${scheme}://${location.host}/room/ws?cursor=${cursor}`, protocols);
    } catch { this.#closed(this.#socket); return; }
    this.#socket = socket;
    this.#heard = Date.now();
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", ({ data }) => this.#got(socket, data));
    // A blocked socket may tell of an error and never of its end.
    for (const end of ["error", "close"]) socket.addEventListener(end, () => this.#closed(socket));
  }

  // False: not sent, because there is no socket now.
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  stop() { this.#stopped = true; this.#socket?.close(); }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#tries = 0;
    this.#heard = Date.now();
    this.#set(true);
  }

  #got(socket, data) {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    this.dispatchEvent(new CustomEvent("frame", { detail: JSON.parse(data) }));
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#tries += 1;
    if (this.#tries < TRIES_BEFORE_POLLING) this.#set(false);
    const wait = Math.min(8000, 400 * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    clearTimeout(this.#timer);
    if (this.#tries >= TRIES_BEFORE_POLLING) this.#poll(); else this.#timer = setTimeout(() => this.open(), wait);
  }

  async #poll() {
    if (this.#stopped) return;
    try {
      const cursor = encodeURIComponent(JSON.stringify(this.cursors()));
      const frame = await get(`/room/changes?cursor=${cursor}`);
      this.#set(true);
      this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    } catch (error) {
      this.#set(false);
      if (error.status === 401) this.dispatchEvent(new CustomEvent("stranger"));
    }
    this.#tries += 1;
    const again = this.#tries % 5 ? () => this.#poll() : () => this.open();
    this.#timer = setTimeout(again, POLL);
  }

  #watch() {
    if (!this.#socket) return;
    const opening = this.#socket.readyState === WebSocket.CONNECTING;
    if (Date.now() - this.#heard > (opening ? OPENING : SILENCE)) {
      const silent = this.#socket;
      silent.close();
      this.#closed(silent);
    } else this.send({ t: "ping" });
  }

  #hurry() {
    if (this.#socket?.readyState === WebSocket.OPEN) { this.send({ t: "ping" }); return; }
    if (this.#socket?.readyState === WebSocket.CONNECTING) return;
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.open();
  }

  #set(online) {
    if (online === this.online) return;
    this.online = online;
    this.dispatchEvent(new CustomEvent("state"));
  }
}
