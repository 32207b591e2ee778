// The page of the playground: what is typed goes to the worker, and into the fragment of the link.
import "./filter-box.js";

const of = (name) => document.getElementById(`playground-${name}`);
const box = of("filters");
const state = of("state");
const FIRST = {
  filters: ["score>=10;location.countryName==Germany"],
  schema: "user",
  own: `{
  "email": "text",
  "score": "integer",
  "location.countryName": "text",
  "city": "text",
  "seen": "datetime"
}`,
  records: [
    '{"email": "ann@example.com", "score": 12, "location": {"countryName": "Germany"}}',
    '{"email": "bob@example.org", "score": 3, "location": {"countryName": "Germany"}}',
    '{"email": "cem@example.net", "score": 88, "location": null}',
  ].join("\n"),
};

// --- The link

const LONG_LINK = 8000; // Many mail and chat programs take no more.
const encode = (value) => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const decode = (text) => {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(plain, (one) => one.charCodeAt(0));
    const value = JSON.parse(new TextDecoder().decode(bytes));
    const isText = (one) => typeof one === "string";
    const isWhole =
      Array.isArray(value.filters) && value.filters.every(isText) && value.filters.length <= 20 &&
      [value.schema, value.own, value.records].every(isText);
    return isWhole ? value : FIRST;
  } catch {
    return FIRST;
  }
};

// --- The worker

// For the next visit, which may be without a network.
const keep = async (read) => {
  if (!navigator.serviceWorker) {
    return;
  }
  const script = new URL("../playground-service-worker.js", import.meta.url);
  await navigator.serviceWorker.register(script).catch(() => null);
  const { active } = await navigator.serviceWorker.ready;
  const own = performance.getEntriesByType("resource").map(({ name }) => name);
  const page = location.href.replace(/#.*/, "");
  const worker = new URL("worker.js", import.meta.url).href;
  navigator.serviceWorker.addEventListener("message", () => {
    state.textContent = "Python is ready, also without a network.";
  });
  const isOwn = (url) => url.startsWith(location.origin);
  active.postMessage([...new Set([page, worker, ...own, ...read])].filter(isOwn));
};

const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let count = 0;
const ask = (question, payload) =>
  new Promise((resolve, reject) => {
    const id = (count += 1);
    waiting.set(id, { resolve, reject });
    const asked = { payload, schema: of("schema").value, own: of("own").value };
    worker.postMessage({ id, question, asked });
  });
let isLost = false;
const lose = (why) => {
  isLost = true;
  state.textContent = `Python can't be loaded: ${why}. Reload the page to try again.`;
};
worker.onmessage = ({ data }) => {
  if (data.ready) {
    state.textContent = "Python is ready.";
    keep(data.ready);
  } else if (data.failed) {
    lose(data.failed);
  } else {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    data.error === undefined ? resolve(data.answer) : reject(new Error(data.error));
  }
};
worker.onerror = (event) => {
  lose(event.message ?? "this browser is too old");
};

// --- The page

const make = (tag, text, name) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) {
    element.className = name;
  }
  return element;
};
const number = () => {
  box.querySelectorAll("p > label").forEach((label, index) => {
    label.firstChild.data = index ? `or filter ${index + 1}` : "Filter";
    label.parentElement.querySelector(".playground-remove")?.setAttribute(
      "aria-label",
      `Remove filter ${index + 1}`,
    );
  });
};
const addInput = (value) => {
  const line = make("p", "");
  const label = make("label", "Filter");
  const input = document.createElement("input");
  [input.name, input.value] = ["filter", value];
  label.append(input);
  line.append(label);
  if (box.querySelector("label")) {
    const remove = make("button", "Remove", "playground-remove");
    remove.type = "button";
    remove.addEventListener("click", () => {
      line.previousElementSibling.querySelector("input").focus();
      line.remove();
      number();
      box.refresh();
    });
    line.append(remove);
  }
  box.append(line);
  number();
  return input;
};
const texts = () => [...box.querySelectorAll("input")].map((input) => input.value);
const held = () => ({
  filters: texts(),
  schema: of("schema").value,
  own: of("own").value,
  records: of("records").value,
});

// What stands between backticks is code.
const makeNote = (text) => {
  const note = make("p", "", "playground-note");
  const parts = text.split("`").map((part, index) => (index % 2 ? make("code", part) : part));
  note.append(...parts);
  return note;
};
const makeWarning = (text) => {
  const warning = make("p", "", "playground-remark");
  warning.append(make("strong", "Warning"), ` ${text}`);
  return warning;
};
// Who types with a record open wants to see what becomes of it.
const opened = new Set();
// A value behind a text from right to left would be drawn before it.
const LEFT_TO_RIGHT = "\u200e";
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]/;
const apart = (why) =>
  RIGHT_TO_LEFT.test(why) ? why.replace(/(?=: |, ')/g, LEFT_TO_RIGHT) : why;
const makeRecord = ({ number, matched, why, text }) => {
  const details = document.createElement("details");
  const mark = matched === null ? "–" : matched ? "✓" : "✗";
  details.append(make("summary", `${mark} record ${number}: ${text}`), make("pre", apart(why)));
  details.className = matched ? "playground-yes" : "playground-no";
  details.open = opened.has(number);
  details.addEventListener("toggle", () => opened[details.open ? "add" : "delete"](number));
  return details;
};

// A browser may forbid the clipboard, or not have one for this page; then it may take what is
// selected, and else a person can.
const copy = async (text, shown) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
};
const KEY = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘C" : "Ctrl+C";
const makeForm = ([what, note, text], index) => {
  const head = make("div", "", "playground-row");
  const heading = make("h3", what);
  head.append(heading);
  if (!text) {
    return [head, makeNote(note)];
  }
  const pre = make("pre", text);
  const button = make("button", "Copy");
  const said = make("span", "", "playground-note");
  said.setAttribute("role", "status");
  [heading.id, button.id] = [`playground-form-${index}`, `playground-copy-${index}`];
  button.type = "button";
  button.setAttribute("aria-labelledby", `${button.id} ${heading.id}`);
  button.addEventListener("click", async () => {
    said.textContent = "";
    const isCopied = await copy(text, pre);
    said.textContent = isCopied ? "Copied." : `It is selected: ${KEY} copies it.`;
  });
  head.append(button, said);
  return [head, makeNote(note), pre];
};

const showRead = (read, unread) => {
  const told = of("read");
  if (told.textContent !== (unread ?? read)) {
    told.textContent = unread ?? read;
  }
  told.className = unread ? "playground-error" : "playground-note";
  of("records").setAttribute("aria-invalid", String(unread !== undefined));
};

const show = (answer) => {
  const { error, verdict, remarks = [], records = [], written = [], unwritten } = answer;
  showRead(answer.read ?? "", answer.unread);
  const told = remarks.map(makeWarning);
  if (verdict) {
    told.unshift(make("p", verdict, "playground-count"));
  }
  if (error) {
    told.unshift(make("p", error, "playground-error"));
  }
  of("verdict").replaceChildren(...told);
  const shown = [];
  if (records.length) {
    const isJudged = records[0].matched !== null;
    const note = isJudged
      ? `${answer.shown ?? ""}Open a record to see what each part of the filter says of it.`
      : "They aren't judged now; open one to see all of it.";
    shown.push(
      make("h2", isJudged ? "Which records match, and why" : "The records"),
      makeNote(note),
      ...records.map(makeRecord),
    );
  }
  if (written.length || unwritten) {
    shown.push(make("h2", "The filters in other forms"));
  }
  if (unwritten) {
    shown.push(makeNote(unwritten));
  }
  shown.push(...written.flatMap(makeForm));
  of("answer").replaceChildren(...shown);
  for (const pre of of("answer").querySelectorAll("pre")) {
    pre.tabIndex = 0; // So that the keyboard can scroll it.
  }
};

// The next keystroke's diagnostics don't wait for what records say of this one.
let asked = 0;
const look = async () => {
  const mine = (asked += 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (mine !== asked) {
    return;
  }
  of("own-line").hidden = of("schema").value !== "own";
  history.replaceState(null, "", `#${encode(held())}`);
  const payload = { filters: texts(), records: of("records").value };
  const answer = await ask("report", payload).catch((error) =>
    isLost ? { verdict: "No verdict: Python isn't there." } : { error: error.message },
  );
  if (mine === asked) {
    show(answer);
  }
};
const fill = (value) => {
  box.replaceChildren();
  value.filters.forEach(addInput);
  for (const name of ["schema", "own", "records"]) {
    of(name).value = value[name];
  }
  box.refresh();
  look();
};

box.transport = ask;
box.addEventListener("filter-box-check", look);
for (const name of ["schema", "own"]) {
  of(name).addEventListener("input", () => box.refresh());
}
of("records").addEventListener("input", look);
of("add").addEventListener("click", () => addInput("").focus());
box.addEventListener("filter-box-lines", (event) => {
  event.preventDefault();
  event.detail.lines.forEach(addInput);
});
of("link").addEventListener("click", async () => {
  // Where there is no clipboard, that throws, too.
  const { length } = location.href;
  const copied = (async () => navigator.clipboard.writeText(location.href))();
  const isLong = length > LONG_LINK;
  const told = isLong ? ` It has ${length.toLocaleString("en")} characters: some programs cut it.` : "";
  of("copied").textContent = await copied.then(
    () => `The link is copied.${told}`,
    () => "The browser doesn't let it be copied; it is the address of this page.",
  );
});
addEventListener("hashchange", () => fill(decode(location.hash.slice(1))));
of("app").hidden = false;
fill(decode(location.hash.slice(1)));
