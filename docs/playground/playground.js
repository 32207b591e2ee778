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
worker.onmessage = ({ data }) => {
  if (data.ready) {
    state.textContent = "Python is ready.";
    keep(data.ready);
  } else if (data.failed) {
    state.textContent = `Python can't be loaded: ${data.failed}`;
  } else {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    data.error === undefined ? resolve(data.answer) : reject(new Error(data.error));
  }
};
worker.onerror = (event) => {
  state.textContent = `Python can't be loaded: ${event.message ?? "this browser is too old"}`;
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
const makeRecord = ({ matched, why, text }, index) => {
  const details = document.createElement("details");
  const summary = `${matched ? "✓" : "✗"} record ${index + 1}: ${text}`;
  details.append(make("summary", summary), make("pre", why));
  details.className = matched ? "playground-yes" : "playground-no";
  details.open = opened.has(index);
  details.addEventListener("toggle", () => opened[details.open ? "add" : "delete"](index));
  return details;
};

const show = ({ error, verdict, remarks = [], records = [], written = [] }) => {
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
    shown.push(
      make("h2", "Which records match, and why"),
      makeNote("Open a record to see what each part of the filter says of it."),
      ...records.map(makeRecord),
    );
  }
  if (written.length) {
    shown.push(make("h2", "The filters in other forms"));
  }
  for (const [what, note, text] of written) {
    shown.push(make("h3", what), makeNote(note), make("pre", text));
  }
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
  const answer = await ask("report", payload).catch((error) => ({ error: error.message }));
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
  const copied = navigator.clipboard.writeText(location.href);
  of("copied").textContent = await copied.then(
    () => "The link is copied.",
    () => "The browser doesn't let it be copied; it is the address of this page.",
  );
});
addEventListener("hashchange", () => fill(decode(location.hash.slice(1))));
of("app").hidden = false;
fill(decode(location.hash.slice(1)));
