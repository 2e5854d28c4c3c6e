// What the page knows: rooms, their messages, what is unread. Messages are merged by id, the higher rev wins,
// so the same change may come twice (socket, history, answer) and counts once.
const later = (a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0)
  || (a.kind === "private") - (b.kind === "private") || (a.chat < b.chat ? -1 : 1);

export class State extends EventTarget {
  rooms = new Map();
  me = null;

  list() { return [...this.rooms.values()].sort(later); }

  unread(except) {
    return this.list().reduce((sum, room) => sum + (room.chat === except ? 0 : room.unread), 0);
  }

  cursors() {
    return Object.fromEntries(this.list().map((room) => [room.chat, room.cursor]));
  }

  setListing(listed) {
    const gone = new Set(this.rooms.keys());
    for (const item of listed) {
      gone.delete(item.chat);
      const known = this.rooms.get(item.chat);
      const { rev, ...shown } = item;
      if (known) Object.assign(known, shown);
      else this.rooms.set(item.chat, newRoom(item));
    }
    for (const chat of gone) this.rooms.delete(chat);
    this.tell("rooms", { gone: [...gone] });
  }

  // A frame of changes. Returns nothing; tells `messages` per room and `rooms` once.
  apply(frame) {
    for (const { chat, rev, messages } of frame.rooms) {
      const room = this.rooms.get(chat);
      if (!room) continue;
      room.cursor = Math.max(room.cursor, rev);
      this.merge(room, messages, { live: true });
    }
    for (const chat of frame.reset) this.forget(chat);
    this.tell("rooms", {});
    if (frame.relist || frame.reset.length) this.tell("stale", {});
  }

  merge(room, messages, { live = false } = {}) {
    const changed = [];
    for (const message of messages) {
      const known = room.messages.get(message.id);
      if (known && known.rev >= message.rev) continue;
      if (live) this.count(room, message);
      room.messages.set(message.id, message);
      if (!room.last || message.seq >= room.last.seq) room.last = message;
      changed.push(message);
    }
    if (changed.length) this.tell("messages", { room, changed, live });
  }

  count(room, message) {
    if (message.seq <= room.top) return;
    room.top = message.seq;
    const counts = message.kind !== "notice" && message.who !== this.me.person && !message.withdrawn;
    if (counts && message.seq > room.read) room.unread += 1;
  }

  sawAll(room) {
    const had = room.unread > 0 || room.top > room.read;
    room.unread = 0;
    room.read = Math.max(room.read, room.top);
    if (had) this.tell("rooms", {});
    return had;
  }

  forget(chat) {
    const room = this.rooms.get(chat);
    if (!room) return;
    room.messages.clear();
    room.loaded = false;
    room.more = true;
    this.tell("forgotten", { room });
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

function newRoom(item) {
  const { rev, ...shown } = item;
  return {
    ...shown, cursor: rev, top: Math.max(item.last?.seq ?? 0, item.read),
    messages: new Map(), loaded: false, more: true,
  };
}
