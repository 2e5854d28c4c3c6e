// Asking the server. A tab that speaks as a demo persona carries its own token; else the cookie speaks.
import { words } from "./words.js";

const KEY = "huying-token";

export const token = {
  get() { try { return sessionStorage.getItem(KEY); } catch { return token.kept; } },
  set(value) { token.kept = value; try { sessionStorage.setItem(KEY, value); } catch { /* off */ } },
  clear() { token.kept = null; try { sessionStorage.removeItem(KEY); } catch { /* off */ } },
  kept: null,
};

// `status` 0: the network; otherwise what the server said.
export class Refused extends Error {
  constructor(sentence, status, wait) {
    super(sentence);
    this.status = status;
    this.wait = wait;
  }
}

const headers = () => (token.get() ? { "X-Room-Token": token.get() } : {});

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
  } catch {
    throw new Refused(words.network, 0);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Refused(said.error || words.network, response.status, said.wait);
}

export const get = async (path) => (await ask(path, {})).json();

export const post = async (path, value) =>
  (await ask(path, { method: "POST", body: JSON.stringify(value) })).json();

export const upload = async (path, blob) => (await ask(path, { method: "POST", body: blob })).json();

export const blobOf = async (path) => (await ask(path, {})).blob();
