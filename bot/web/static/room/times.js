// Times as WeChat writes them, in the neighbourhood's time zone.
import { fill } from "./dom.js";
import { words } from "./words.js";

const timeZone = document.body.dataset.timezone;
const format = new Intl.DateTimeFormat("en-GB", {
  timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
});
const days = words.days.split(",");

function parts(ms) {
  const found = {};
  for (const { type, value } of format.formatToParts(ms)) found[type] = value;
  const { year: y, month, day, hour, minute } = found;
  const midnight = Date.UTC(y, month - 1, day);
  return { y, m: Number(month), d: Number(day), clock: `${hour}:${minute}`, midnight };
}

function day(then, now) {
  const ago = Math.round((now.midnight - then.midnight) / 86_400_000);
  if (ago <= 0) return "";
  if (ago === 1) return words.yesterday;
  if (ago < 7) return days[new Date(then.midnight).getUTCDay()];
  return fill(then.y === now.y ? words.date : words.fullDate, then);
}

export function separator(ms) {
  const then = parts(ms);
  return `${day(then, parts(Date.now()))} ${then.clock}`.trim();
}

export function short(ms) {
  const then = parts(ms);
  return day(then, parts(Date.now())) || then.clock;
}
