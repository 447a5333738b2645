// Makes the page lively: sends without reloading, shows answers as they come, and starts over on a kiosk.
// Without this file the page still works as plain forms.

const root = document.documentElement;
const log = document.getElementById("log");
const ask = document.getElementById("ask");
const text = document.getElementById("text");
const busy = document.getElementById("busy");
const line = document.getElementById("line");
const notice = document.getElementById("notice");
const kiosk = root.classList.contains("kiosk");

const WORDS = {
  me: "Anh/chị:",
  us: "Một Cửa:",
  cut: "Mất kết nối, đang thử nối lại…",
  unsent: "Chưa gửi được câu này. Anh/chị kiểm tra mạng rồi gửi lại.",
  again: "Gửi lại",
  photo: "Ảnh, tệp",
  place: "Vị trí của tôi",
  noPlace: "Máy chưa cho biết vị trí. Anh/chị gõ tên xã, phường giúp.",
};

const PHOTO_EDGE = 2400; // pixels; more does not help to read a code
const DOUBLE_TAP = 700; // milliseconds; nobody presses the same place again on purpose that soon
const FINGER = 30; // pixels
const PATIENCE = 30_000; // milliseconds; a line that hangs longer is a lost one, and sending again is safe

let last = Number(root.dataset.last);
let stream = null;
let waiting = 0;
let sent = Promise.resolve(); // settled once everything sent so far has its answer
let gone = false; // the visitor of the kiosk has left
let leaving = false; // and is being forgotten just now
const pressed = new Set(); // buttons whose answer is on its way
const successor = new WeakMap(); // of an entry that changed under the reader's eyes: what stands there now

// --- Showing -------------------------------------------------------------------------------------------------------

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function showRun(run) {
  let inner = document.createTextNode(run.text);
  for (const style of [...run.styles].reverse()) {
    if (["b", "i", "u", "code"].includes(style)) inner = make(style, "", inner);
  }
  if (!run.href) return [inner];
  if (kiosk) return [inner, ` (${new URL(run.href).host})`];
  return [showLink(run.href, "", inner)];
}

function showLink(url, className, ...children) {
  const link = make("a", className, ...children);
  if (/^https?:\/\//.test(url)) link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function showBlock(block) {
  const items = block.items.map((item) => item.flatMap(showRun));
  if (block.kind === "p") return make("p", block.gap ? "gap" : "", ...items[0]);
  const list = make(block.kind === "ol" ? "ol" : "ul", block.kind + (block.gap ? " gap" : ""));
  if (block.start !== 1) list.start = block.start;
  list.append(...items.map((item) => make("li", "", ...item)));
  return list;
}

function showButton(button) {
  if (button.action) {
    const element = make("button", "", button.label);
    element.name = "action";
    element.value = button.action;
    return [element];
  }
  return button.url && !kiosk ? [showLink(button.url, "button", button.label)] : [];
}

function showFile(file) {
  if (kiosk) return make("p", "file", `Mở trang này trên điện thoại của anh/chị để tải tệp “${file.label}”.`);
  const link = make("a", "button file", `Tải tệp: ${file.label}`);
  link.href = file.href;
  link.download = "";
  return make("p", "choices", link);
}

function showEntry(entry) {
  const who = make("span", "unseen", entry.author === "person" ? WORDS.me : WORDS.us);
  const element = make("div", `entry ${entry.author}`, make("div", "bubble", who, ...entry.blocks.map(showBlock)));
  element.dataset.id = entry.id;
  if (entry.file) element.append(showFile(entry.file));
  if (entry.buttons.length) {
    const rows = entry.buttons.map((row) => make("div", "row", ...row.flatMap(showButton)));
    const form = make("form", "choices", ...rows);
    form.method = "post";
    element.append(form);
  }
  return element;
}

function find(id) {
  return log.querySelector(`[data-id="${Number(id)}"]`);
}

function receive(entries) {
  for (const entry of entries) {
    last = Math.max(last, entry.id);
    if (find(entry.id)) continue;
    const element = showEntry(entry);
    const old = entry.replaces && find(entry.replaces);
    if (entry.author === "person") settle(element);
    if (old) replace(old, element);
    else log.insertBefore(element, log.querySelector(".pending"));
  }
}

function said(element) {
  return element.querySelector(".bubble").textContent.replace(/\s+/g, "");
}

// What was said has arrived: what stood for it goes, also when its reply got lost and it looked unsent. Words that the
// assistant keeps otherwise than they were typed are known by the reply alone.
function settle(element) {
  const alike = [...log.querySelectorAll(".pending, .unsent")].find((each) => said(each) === said(element));
  if (alike?.classList.contains("unsent")) notice.textContent = "";
  alike?.remove();
}

function replace(old, element) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  successor.set(old, element);
  old.replaceWith(element);
  if (!held) return;
  const buttons = [...element.querySelectorAll("button")];
  const same = buttons.find((button) => button.value === held.value || button.textContent === held.textContent);
  (same ?? buttons[0])?.focus({ preventScroll: Boolean(same) });
}

// Notices of the office; left alone while they are the same, so that nobody hears them twice.
function announce(texts) {
  const banners = document.getElementById("banners");
  const shown = [...banners.children].map((banner) => banner.textContent);
  if (shown.join("\0") === texts.join("\0")) return;
  banners.replaceChildren(...texts.map((words) => make("p", "banner", words)));
  banners.hidden = !texts.length;
}

function readFromTop() {
  const questions = log.querySelectorAll(".person");
  const from = questions[questions.length - 1];
  if (!from) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  from.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

// --- Sending -------------------------------------------------------------------------------------------------------

function pending(words) {
  const block = { kind: "p", items: [[{ text: words, styles: [], href: null }]], start: 1, gap: false };
  const element = showEntry({ id: 0, author: "person", blocks: [block], buttons: [] });
  element.classList.add("pending");
  delete element.dataset.id;
  log.append(element);
  return element;
}

function standing(entry) {
  while (successor.has(entry)) entry = successor.get(entry);
  return entry;
}

function postTurn({ entry, ...turn }) {
  const message = entry && standing(entry).dataset.id;
  return fetch("/turn", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...turn, message, after: last }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
}

function postPhoto(turn) {
  const form = new FormData();
  form.append("id", turn.id);
  form.append("after", last);
  form.append("photo", turn.photo, "photo");
  const signal = AbortSignal.timeout?.(2 * PATIENCE);
  return fetch("/photo", { method: "POST", headers: { Accept: "application/json" }, body: form, signal });
}

// Sends one turn. Its id makes it count once, so that sending again after a lost answer is safe. `stays`: what is read
// now is changed under the reader's eyes and must not move, as when papers are ticked off one after the other.
async function send(turn, words, stays = false) {
  turn.id ??= crypto.getRandomValues(new Uint32Array(4)).join("-");
  notice.textContent = "";
  const bubble = words ? pending(words) : null;
  waiting += 1;
  busy.hidden = false;
  if (!stays) readFromTop();
  sent = sent.then(() => deliver(turn, bubble, words, stays));
  await sent;
  waiting -= 1;
  busy.hidden = waiting === 0;
}

// One turn after the other: what is said quickly arrives in that order, and all of it in the conversation that the
// first answer begins.
async function deliver(turn, bubble, words, stays) {
  if (gone) return shut(bubble, turn);
  try {
    const response = await (turn.photo ? postPhoto(turn) : postTurn(turn));
    const answer = await response.json();
    if (gone) return;
    if (!response.ok) {
      refuse(answer.error, bubble, turn, words);
      return;
    }
    bubble?.remove();
    announce(answer.banners);
    receive(answer.entries);
    if (!stays) readFromTop();
    listen();
  } catch {
    failed(WORDS.unsent, bubble, turn, words);
  }
}

// Whoever said it has left the kiosk; what the next one says waits until the last one is forgotten.
function shut(bubble, turn) {
  if (!bubble?.isConnected) return;
  bubble.remove();
  giveBack(turn);
}

function giveBack(turn) {
  if (turn.kind !== "text" || text.value) return;
  text.value = turn.value;
  fit();
}

// Words that were not taken go back to where they were typed; when something else stands there, they stay to be sent.
function refuse(why, bubble, turn, words) {
  if (turn.kind === "text" && text.value) {
    failed(why, bubble, turn, words);
    return;
  }
  bubble?.remove();
  notice.textContent = why;
  giveBack(turn);
}

function failed(why, bubble, turn, words) {
  if (gone || (bubble && !bubble.isConnected)) return; // forgotten; or it has arrived, and only its reply got lost
  notice.textContent = why;
  if (!bubble) return;
  bubble.classList.remove("pending");
  bubble.classList.add("unsent");
  const button = make("button", "again", WORDS.again);
  button.type = "button";
  button.addEventListener("click", () => {
    bubble.remove();
    send(turn, words);
  });
  bubble.append(button);
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  const value = text.value.trim();
  if (!value) {
    text.focus();
    return;
  }
  text.value = "";
  fit();
  send({ kind: "text", value }, value);
});

text.addEventListener("keydown", (event) => {
  // While a Vietnamese input method composes a word, Enter belongs to it.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask.requestSubmit();
  }
  if (event.key === "Escape") text.value = "";
});

// A photo is made smaller before it travels: a phone's line is slow, and the code on it stays as legible.
async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_EDGE / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < 1_000_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88))) ?? file;
  } catch {
    return file; // of a kind this browser cannot draw; the server says so in words
  }
}

function watchPhotos(snap) {
  const input = document.getElementById("photo");
  snap.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    input.click();
  });
  snap.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const photo = await smaller(file);
    input.value = "";
    send({ photo }, WORDS.photo);
  });
}

// Where the reader is, told only when they press for it; the answer is the nearest offices, and the point is not kept.
function watchPlace(button) {
  button.hidden = !isSecureContext || !navigator.geolocation;
  button.addEventListener("click", () => {
    const found = ({ coords }) => {
      send({ kind: "location", value: `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}` }, WORDS.place);
    };
    const lost = () => (notice.textContent = WORDS.noPlace);
    navigator.geolocation.getCurrentPosition(found, lost, { timeout: PATIENCE / 3, maximumAge: 60_000 });
  });
}

function fit() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 3}px`;
}
text.addEventListener("input", fit);

// Where the last press came down; nothing of it is known when it was a key.
let touch = null;
let tapped = null;
let twice = false; // whether it was the second of a double click
addEventListener("pointerdown", ({ x, y, timeStamp }) => (touch = { x, y, timeStamp }), { capture: true });
addEventListener("keydown", () => (touch = null), { capture: true });
addEventListener("click", ({ detail }) => (twice = detail > 1), { capture: true });

// An answer moves the page, and the second tap of a double one would hit whatever has come under the finger.
function slipped() {
  if (!touch || !tapped || !(waiting || twice)) return false;
  const far = Math.max(Math.abs(touch.x - tapped.x), Math.abs(touch.y - tapped.y));
  return far < FINGER && touch.timeStamp - tapped.timeStamp < DOUBLE_TAP;
}

// The stream may show an answer before the reply to its turn is in, so a press counts at any time; only a second tap on
// the same button right after the first, or while its answer is on its way, does not.
log.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!button?.value || slipped()) return;
  const entry = button.closest(".entry");
  const press = `${entry.dataset.id} ${button.value}`;
  if (pressed.has(press)) return;
  pressed.add(press);
  const turnsPage = /^fields?:/.test(button.value);
  const marks = /^(tick|copies):/.test(button.value);
  if (!marks) tapped = touch;
  const turn = { kind: "action", value: button.value, entry };
  await send(turn, turnsPage || marks ? "" : button.textContent, marks);
  setTimeout(() => pressed.delete(press), DOUBLE_TAP);
});

// --- The stream of answers -----------------------------------------------------------------------------------------

function listen() {
  if (gone || (stream && stream.readyState !== EventSource.CLOSED)) return;
  stream = new EventSource(`/events?after=${last}`);
  stream.onopen = () => (line.textContent = "");
  stream.onmessage = (event) => receive([JSON.parse(event.data)]);
  // A stream that is closed at once (there is no conversation yet) is no lost connection.
  stream.onerror = () => {
    const closed = stream.readyState === EventSource.CLOSED;
    if (!closed || last) line.textContent = WORDS.cut;
    if (closed && last) setTimeout(listen, 5000);
  };
}
addEventListener("online", () => {
  line.textContent = "";
  stream?.close();
  listen();
});
addEventListener("offline", () => (line.textContent = WORDS.cut));
addEventListener("pageshow", (event) => event.persisted && location.reload());

// --- A kiosk forgets -----------------------------------------------------------------------------------------------

function watchIdle(seconds) {
  const dialog = document.getElementById("leaving");
  const countdown = document.getElementById("countdown");
  const warning = Math.min(15, Math.floor(seconds / 2));
  let left = seconds;
  const touched = () => (left = seconds);
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(kind, touched, { passive: true, capture: true });
  }
  // Closing at the first touch would let its click fall through to whatever lies below.
  dialog.addEventListener("click", () => dialog.close());
  setInterval(() => {
    if (gone) {
      leave();
      return;
    }
    const untouched = log.querySelector("[data-id='0']") && !log.querySelector(".person, [data-id]:not([data-id='0'])");
    if (untouched && !text.value) return;
    left -= 1;
    if (left > warning && dialog.open) dialog.close();
    countdown.textContent = Math.max(left, 0);
    if (left <= warning && !dialog.open) dialog.showModal();
    if (left <= 0) {
      dialog.close();
      leave();
    }
  }, 1000);
}

// Nobody may read what the last visitor asked, even while the network is down; tried until it is forgotten. What is on
// its way to the assistant is waited for: its answer would bring the conversation back.
async function leave() {
  if (!gone) {
    gone = true;
    stream?.close();
    log.replaceChildren();
    text.value = "";
    notice.textContent = "";
  }
  if (leaving) return;
  leaving = true;
  try {
    await sent;
    const signal = AbortSignal.timeout?.(PATIENCE);
    const response = await fetch("/forget?kiosk", { method: "POST", redirect: "manual", signal });
    if (response.type === "opaqueredirect") {
      location.replace("/kiosk");
      return;
    }
  } catch {
    line.textContent = WORDS.cut;
  }
  leaving = false;
}

// --- Beginning -----------------------------------------------------------------------------------------------------

function begin() {
  for (const element of log.querySelectorAll(".preview")) element.remove();
  if (kiosk) watchIdle(Number(root.dataset.idle));
  else {
    watchPhotos(document.getElementById("snap"));
    watchPlace(document.getElementById("where"));
  }
  if (last) readFromTop();
  listen();
  const opened = root.dataset.open;
  if (opened) {
    history.replaceState(null, "", kiosk ? "/kiosk" : "/");
    send({ kind: "command", command: "start", value: opened }, "");
  } else if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
    text.focus({ preventScroll: true });
  }
}
begin();
