/* <filter-box endpoint="/filters"><input name="filter"></filter-box>
 *
 * Helps people to type filters into the ordinary inputs that stand in it. Nothing of the form
 * changes: without this script the inputs submit what was typed, and with it they submit the same.
 * No text ever becomes HTML, and no style or script is written into the page.
 *
 * endpoint   where `filterlang.web.filter_box` is mounted
 * pause      milliseconds until who stops typing is told of what is only unfinished
 * transport  (question, payload, signal) => answer: whoever answers instead, such as a worker
 * messages   the words that are shown, and under the code of a diagnostic (diagnostic) => message
 * filters    the texts that are no blanks
 * report     the last answer to `check`, or null
 * explain(record), refresh()
 * Events: `filter-box-check` (detail: the answer), `filter-box-error` (detail: the error).
 */

const MESSAGES = {
  error: "Error",
  warning: "Warning",
  hint: "Hint",
  mend: "Change to {text}",
  mendAll: "Make all safe changes: {text}",
  completions: "Completions",
  keys: "↓ to choose, Enter or Tab to take",
  found: "{count} completions",
  foundOne: "1 completion",
  mistakes: "{count} mistakes: {first}",
  mistake: "Mistake: {first}",
  remark: "{severity}: {first}",
  clean: "No mistakes",
  ofInput: "{input}: {words}",
  unanswered: "The filter could not be checked.",
};
const MOST_COLOURED = 5000; // A page must not get slow by what somebody pastes.
const MOST_SHOWN = 60;
const PAUSE = 1000;
const PARTS = ["name", "operator", "expression"];
const GRAVITY = ["error", "warning", "hint"];
const SELECTOR = "input:not([type]), input[type=text], input[type=search]";
const PART = "data-filter-box-part";

let counter = 0;

const make = (tag, part, text) => {
  const element = document.createElement(tag);
  if (part) {
    element.className = `filter-box-${part}`;
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
};

const put = (message, values) =>
  message.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));

// What a label says, without what it holds.
const wordsOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) {
    return node.data;
  }
  const isOurs = node.nodeType !== Node.ELEMENT_NODE || node.hasAttribute(PART);
  return isOurs ? "" : [...node.childNodes].map(wordsOf).join("");
};

// Places count code points; a string of JavaScript counts UTF-16 units.
const codePoints = (text) => {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
};
const unitsOf = (text) => {
  const units = [0];
  for (const character of text) {
    units.push(units[units.length - 1] + character.length);
  }
  return (place) => units[Math.max(0, Math.min(place, units.length - 1))];
};
const editsIn = (text, edits) => {
  const unit = unitsOf(text);
  return edits.map(({ span, text: put }) => ({ start: unit(span[0]), end: unit(span[1]), put }));
};

// Only the latest question is worth an answer, and one at a time is enough for a server.
const latest = (ask) => {
  let running = false;
  let waiting = null;
  return async (...given) => {
    waiting = given;
    if (running) {
      return;
    }
    running = true;
    try {
      while (waiting) {
        const next = waiting;
        waiting = null;
        await ask(...next);
      }
    } finally {
      running = false;
    }
  };
};

class Field {
  constructor(box, input) {
    this.box = box;
    this.input = input;
    this.id = `filter-box-${(counter += 1)}`;
    this.text = "";
    this.ranges = [];
    this.answer = null;
    this.items = new Map();
    this.shown = [];
    this.options = [];
    this.active = -1;
    this.turn = 0;
    this.awaited = null;
    // Whether a later question waits than the one that is asked; and whether its option was taken.
    this.isOld = false;
    this.isTaken = false;
    this.composing = false;
    this.mending = false;
    // While somebody types, what is only unfinished isn't told.
    this.typing = false;
    this.caret = null;
    // What is said, or about to be; and whether it was said that something is wrong.
    this.words = "";
    this.wasWrong = false;
    this.stop = new AbortController();
    this.asked = latest((turn) => this.askCompletions(turn));
    this.build();
    this.listen();
    this.paint();
  }

  part(tag, name) {
    const element = make(tag, name);
    element.setAttribute(PART, "");
    return element;
  }

  build() {
    const { input } = this;
    this.line = make("div", "line");
    this.overlay = this.part("div", "overlay");
    this.overlay.setAttribute("aria-hidden", "true");
    const view = make("div", "view");
    view.append(this.line);
    this.overlay.append(view);
    this.list = make("ul", "list");
    this.list.id = `${this.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.box.say("completions"));
    this.keys = make("div", "keys", this.box.say("keys"));
    this.keys.id = `${this.id}-keys`;
    this.keys.dir = "auto";
    this.list.setAttribute("aria-describedby", this.keys.id);
    this.popup = this.part("div", "popup");
    this.popup.hidden = true;
    this.popup.append(this.list, this.keys);
    this.all = this.part("div", "all");
    this.all.hidden = true;
    this.found = this.part("ul", "messages");
    this.found.id = `${this.id}-messages`;
    this.found.hidden = true;
    this.status = this.part("div", "status");
    this.counted = this.part("div", "status");
    for (const status of [this.status, this.counted]) {
      status.setAttribute("role", "status");
    }
    this.kept = new Map();
    const described = [input.getAttribute("aria-describedby"), this.found.id];
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-describedby": described.filter(Boolean).join(" "),
      "aria-invalid": input.getAttribute("aria-invalid") ?? "false",
      "aria-activedescendant": null,
      "aria-label": input.getAttribute("aria-label"),
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      class: `${input.className} filter-box-input`.trim(),
    })) {
      this.kept.set(name, input.getAttribute(name));
      if (value !== null) {
        input.setAttribute(name, value);
      }
    }
  }

  get parts() {
    return [this.popup, this.all, this.found, this.status, this.counted];
  }

  // Below its own input, wherever that stands now.
  stand() {
    const { input, overlay } = this;
    if (input.nextSibling !== overlay) {
      input.after(overlay);
    }
    const label = input.closest("label");
    const inputs = label ? [...label.querySelectorAll(SELECTOR)] : [];
    // Not inside of a label, where it would become part of the input's name; unless other inputs
    // stand there, and nobody would know which of them is meant.
    const isShared = inputs.length > 1;
    const before = label && !isShared ? label : overlay;
    if (before.nextSibling !== this.popup) {
      before.after(...this.parts);
    }
    const { "aria-label": own } = Object.fromEntries(this.kept);
    if (isShared && own === null && !input.hasAttribute("aria-labelledby")) {
      const words = wordsOf(label).replace(/\s+/g, " ").trim();
      input.setAttribute("aria-label", `${words} ${inputs.indexOf(input) + 1}`);
    }
    this.place();
  }

  get name() {
    const own = this.input.getAttribute("aria-label") ?? "";
    const label = this.input.labels?.[0];
    return own || (label ? wordsOf(label).replace(/\s+/g, " ").trim() : "");
  }

  remove() {
    this.stop.abort();
    this.sizes.disconnect();
    clearTimeout(this.announcing);
    clearTimeout(this.counting);
    clearTimeout(this.pausing);
    for (const [name, value] of this.kept) {
      if (value === null) {
        this.input.removeAttribute(name);
      } else {
        this.input.setAttribute(name, value);
      }
    }
    for (const element of [this.overlay, ...this.parts]) {
      element.remove();
    }
  }

  listen() {
    const { input, list, box } = this;
    const on = (target, name, heard) =>
      target.addEventListener(name, heard, { signal: this.stop.signal });
    on(input, "input", (event) => this.typed(event));
    on(input, "keydown", (event) => this.pressed(event));
    on(input, "paste", (event) => this.pasted(event));
    on(input, "scroll", () => this.scroll());
    on(input, "select", () => this.scroll());
    on(input, "keyup", () => this.scroll());
    on(input, "focus", () => this.scroll());
    on(input, "pointermove", (event) => event.buttons && this.scroll());
    on(input, "pointerdown", () => this.close());
    on(input, "blur", () => {
      this.close();
      this.scroll();
      this.settle();
    });
    on(box.ownerDocument, "selectionchange", () => {
      if (this.hasFocus && !this.composing && input.selectionStart !== this.caret) {
        this.settle();
      }
    });
    on(input, "compositionstart", () => {
      this.composing = true;
      this.typing = true;
      clearTimeout(this.pausing);
      // The input method underlines what it is about: it has to be seen.
      input.classList.add("filter-box-composing");
      this.overlay.classList.add("filter-box-composing");
      this.close();
    });
    on(input, "compositionend", () => {
      this.composing = false;
      input.classList.remove("filter-box-composing");
      this.overlay.classList.remove("filter-box-composing");
      this.typed(null);
    });
    // What stands in a label is clicked for itself.
    for (const part of this.parts) {
      on(part, "click", (event) => event.preventDefault());
    }
    // The focus stays in the input; what blurring it shows would move the button from the pointer.
    for (const part of this.parts) {
      on(part, "mousedown", (event) => {
        if (event.target.closest("button, .filter-box-popup")) {
          event.preventDefault();
        }
      });
    }
    on(list, "click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.accept(Array.from(list.children).indexOf(option));
      }
    });
    this.sizes = new ResizeObserver(() => this.place());
    this.sizes.observe(input);
    this.sizes.observe(box);
  }

  get isFixed() {
    return this.input.disabled || this.input.readOnly;
  }

  get hasFocus() {
    return this.input === this.input.getRootNode().activeElement;
  }

  typed(event) {
    this.paint();
    if (this.composing || event?.isComposing) {
      return;
    }
    this.activate(-1);
    this.isTaken = false;
    clearTimeout(this.pausing);
    this.typing = !this.mending;
    this.caret = this.input.selectionStart;
    if (this.typing) {
      this.pausing = setTimeout(() => this.settle(), this.box.pause);
    }
    this.box.changed();
    if (this.hasFocus && !this.mending) {
      this.complete();
    }
  }

  // Nobody types any more: all that was found is told.
  settle() {
    clearTimeout(this.pausing);
    this.typing = false;
    if (this.shown.length !== this.answer?.diagnostics.length) {
      this.show();
    }
  }

  pressed(event) {
    // The second is how Safari says that a key ends a composition.
    if (event.isComposing || this.composing || event.keyCode === 229 || this.isFixed) {
      return;
    }
    const { key } = event;
    const isOpen = !this.popup.hidden;
    if (event.ctrlKey && key === " ") {
      this.complete();
    } else if (event.ctrlKey || event.metaKey || (event.altKey && !key.startsWith("Arrow"))) {
      return;
    } else if (event.altKey && key === "ArrowUp" && isOpen) {
      this.close();
    } else if (!event.shiftKey && (key === "ArrowDown" || key === "ArrowUp")) {
      if (isOpen) {
        const count = this.options.length + 1;
        const step = key === "ArrowDown" ? 1 : -1;
        // Beyond the last option no option is active, and Enter submits the form.
        this.activate(((this.active + 1 + step + count) % count) - 1);
      } else if (key === "ArrowDown") {
        this.complete();
      } else {
        return;
      }
    } else if (this.takes(event) && isOpen && this.active >= 0) {
      this.accept(this.active);
    } else if (key === "Escape" && (isOpen || this.isAwaited)) {
      this.close();
      event.stopPropagation();
    } else {
      if (["Tab", "Enter", "ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) {
        this.close();
      }
      if (key === "Enter") {
        this.settle();
      }
      return;
    }
    event.preventDefault();
  }

  // Tab goes on to another part of the page, but where somebody has chosen an option.
  takes({ key, shiftKey }) {
    return key === "Enter" || (key === "Tab" && !shiftKey);
  }

  // An input holds one line, and browsers put together what is pasted: two filters would be one.
  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = text.split(/[\r\n]+/).filter((line) => line.trim());
    if (lines.length < 2 || this.isFixed) {
      return;
    }
    const { input, box } = this;
    const detail = { input, lines: lines.slice(1) };
    const told = new CustomEvent("filter-box-lines", { detail, bubbles: true, cancelable: true });
    const isTaken = !box.dispatchEvent(told) || box.spread(input, detail.lines);
    if (isTaken) {
      event.preventDefault();
      input.setRangeText(lines[0], input.selectionStart, input.selectionEnd, "end");
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }

  // --- Completion

  complete() {
    this.awaited = this.turn;
    this.isOld = true;
    this.asked(this.turn);
  }

  // Whether a list is about to open.
  get isAwaited() {
    return this.awaited === this.turn;
  }

  async askCompletions(turn) {
    if (turn !== this.turn) {
      return;
    }
    this.awaited = turn;
    this.isOld = false;
    const { input, box } = this;
    const text = input.value;
    const at = input.selectionStart ?? text.length;
    if (this.isFixed || this.composing || at !== input.selectionEnd) {
      this.hide();
      return;
    }
    const cursor = codePoints(text.slice(0, at));
    const answer = await box.ask("complete", { filter: text, cursor });
    if (turn !== this.turn || this.isOld) {
      return;
    }
    this.awaited = null;
    const isAsked = input.value === text && input.selectionStart === at && !this.composing;
    if (!answer || !isAsked || !this.hasFocus) {
      this.hide();
      return;
    }
    this.open(text, answer.completions);
  }

  open(text, completions) {
    if (!completions.length) {
      this.hide();
      return;
    }
    const chosen = this.options[this.active]?.label;
    const { isTaken } = this;
    this.completedText = text;
    this.list.dataset.completes = text;
    this.options = completions;
    this.isTaken = false;
    this.list.replaceChildren(
      ...completions.map((one, index) => {
        const option = make("li", "option");
        option.id = `${this.id}-option-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const label = make("bdi", `label filter-box-${one.kind}`, one.label);
        option.append(label, " ", make("bdi", "detail", one.detail));
        return option;
      }),
    );
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.popup.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
    this.place();
    if (chosen !== undefined) {
      // Who has gone into a list stays in the one that comes after more letters.
      const again = completions.findIndex(({ label }) => label === chosen);
      this.activate(Math.max(again, 0));
      if (isTaken && again >= 0) {
        this.accept(again);
        return;
      }
    }
    const count = completions.length;
    const words = this.box.say(count === 1 ? "foundOne" : "found", { count });
    // Whoever was told once knows; where only fingers choose, no keys are shown.
    const isNews = !this.box.toldKeys && this.keys.offsetHeight > 0;
    clearTimeout(this.counting);
    this.counting = later(this.counted, isNews ? `${words}: ${this.box.say("keys")}` : words, () => {
      this.box.toldKeys ||= isNews;
    });
  }

  close() {
    // An answer that is on its way shall not open it again.
    this.turn += 1;
    this.hide();
  }

  hide() {
    this.awaited = null;
    this.isTaken = false;
    clearTimeout(this.counting);
    this.counted.textContent = "";
    this.popup.hidden = true;
    this.list.replaceChildren();
    this.options = [];
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  accept(index) {
    const { edit } = this.options[index];
    const text = this.completedText;
    if (this.input.value !== text && this.isAwaited) {
      // Another list is on its way; where it has the same, that is taken.
      this.active = index;
      this.isTaken = true;
      return;
    }
    this.close();
    if (this.input.value === text) {
      // Which asks for what may follow.
      this.change(text, [edit]);
    }
  }

  // --- Changes of the text

  change(text, edits) {
    const { input } = this;
    const made = editsIn(text, edits);
    const first = made[0].start;
    const last = made[made.length - 1];
    let put = "";
    let from = first;
    for (const edit of made) {
      put += text.slice(from, edit.start) + edit.put;
      from = edit.end;
    }
    const expected = text.slice(0, first) + put + text.slice(last.end);
    input.focus();
    input.setSelectionRange(first, last.end);
    // This way alone people can undo it.
    document.execCommand(put ? "insertText" : "delete", false, put);
    if (input.value !== expected) {
      input.value = expected;
      input.setSelectionRange(first + put.length, first + put.length);
      input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    }
    input.setSelectionRange(first + put.length, first + put.length);
    this.scroll();
  }

  // --- Colours and marks

  // Keep the colours of what was there before, until the answer comes.
  keep(text) {
    const old = this.text;
    if (old === text) {
      return;
    }
    const most = Math.min(old.length, text.length);
    let before = 0;
    while (before < most && old[before] === text[before]) {
      before += 1;
    }
    let behind = 0;
    const more = most - before;
    while (behind < more && old[old.length - 1 - behind] === text[text.length - 1 - behind]) {
      behind += 1;
    }
    const shift = text.length - old.length;
    this.ranges = this.ranges.flatMap((range) => {
      if (range.end <= before) {
        return range;
      }
      return range.start >= old.length - behind
        ? { ...range, start: range.start + shift, end: range.end + shift }
        : [];
    });
    this.text = text;
  }

  answered(text, answer) {
    if (text === this.input.value) {
      this.answer = { text, ...answer };
      this.items.clear();
      this.show();
    }
  }

  // Show what was answered, but what is unfinished while somebody types.
  show() {
    const { answer } = this;
    if (answer?.text !== this.input.value) {
      return;
    }
    const unit = unitsOf(answer.text);
    const ranges = [];
    for (const clause of answer.clauses) {
      for (const part of PARTS) {
        ranges.push({ start: unit(clause[part][0]), end: unit(clause[part][1]), as: part });
      }
    }
    this.shown = answer.diagnostics.filter((one) => !this.typing || !one.unfinished);
    for (const { span, severity } of this.shown) {
      ranges.push({ start: unit(span[0]), end: unit(span[1]), as: severity, isMark: true });
    }
    this.text = answer.text;
    this.ranges = ranges;
    this.paint();
    this.tell();
  }

  paint() {
    const text = this.input.value;
    this.keep(text);
    const isShown = text.length <= MOST_COLOURED;
    this.overlay.hidden = !isShown;
    this.input.classList.toggle("filter-box-coloured", isShown);
    if (!isShown) {
      this.line.replaceChildren();
      return;
    }
    const places = new Set([0, text.length]);
    for (const { start, end } of this.ranges) {
      places.add(start).add(end);
    }
    const sorted = [...places].sort((a, b) => a - b);
    const nodes = [];
    sorted.forEach((start, index) => {
      // What is missing has a place of no width; its mark needs one.
      const empty = this.ranges.filter((one) => one.isMark && one.start === start && one.end === start);
      if (empty.length) {
        const severity = GRAVITY.find((one) => empty.some(({ as }) => as === one));
        nodes.push(make("span", `missing filter-box-mark filter-box-mark-${severity}`));
      }
      const end = sorted[index + 1];
      if (end === undefined) {
        return;
      }
      const over = this.ranges.filter((one) => one.start <= start && one.end >= end);
      const part = over.find((one) => !one.isMark);
      const severity = GRAVITY.find((one) => over.some(({ isMark, as }) => isMark && as === one));
      const span = make("span", "", text.slice(start, end));
      if (part) {
        span.classList.add(`filter-box-${part.as}`);
      }
      if (severity) {
        span.classList.add("filter-box-mark", `filter-box-mark-${severity}`);
      }
      nodes.push(span);
    });
    this.line.replaceChildren(...nodes);
    this.place();
  }

  // Styles set on objects are no inline styles to a Content-Security-Policy.
  place() {
    const { input, overlay, popup } = this;
    const computed = getComputedStyle(input);
    for (const name of [
      "fontFamily", "fontSize", "fontStyle", "fontWeight", "fontStretch", "fontVariant",
      "fontFeatureSettings", "fontKerning", "fontVariationSettings", "fontSizeAdjust",
      "lineHeight", "letterSpacing", "wordSpacing", "textTransform", "textIndent", "textAlign",
      "tabSize", "direction", "unicodeBidi", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth",
      "borderBottomWidth", "borderLeftWidth", "color",
    ]) {
      overlay.style[name] = computed[name];
    }
    const at = input.getBoundingClientRect();
    const set = (element, left, top, width) => {
      const parent = element.offsetParent;
      if (!parent) {
        return;
      }
      const origin = parent.getBoundingClientRect();
      element.style.left = `${left - origin.left - parent.clientLeft + parent.scrollLeft}px`;
      element.style.top = `${top - origin.top - parent.clientTop + parent.scrollTop}px`;
      element.style.width = `${width}px`;
    };
    set(overlay, at.left, at.top, at.width);
    overlay.style.height = `${at.height}px`;
    set(popup, at.left, at.bottom, at.width);
    this.scroll();
  }

  scroll() {
    this.line.style.transform = `translateX(${-this.input.scrollLeft}px)`;
    // A selection by the keyboard scrolls after its event.
    requestAnimationFrame(() => {
      this.line.style.transform = `translateX(${-this.input.scrollLeft}px)`;
    });
  }

  tell() {
    const { box, input, shown, answer } = this;
    if (!answer) {
      return;
    }
    const errors = shown.filter((one) => one.severity === "error");
    if (answer.failure === undefined) {
      input.setAttribute("aria-invalid", String(errors.length > 0));
    } else {
      input.removeAttribute("aria-invalid");
    }
    this.found.hidden = shown.length === 0;
    arrange(this.found, shown.map((one) => this.item(one, () => this.message(one))));
    const isMendable = answer.fixed !== undefined && !this.isFixed;
    this.all.hidden = !isMendable;
    const edit = { span: [0, codePoints(answer.text)], text: answer.fixed };
    const make = () => this.button("mendAll", "mend-all", [edit]);
    arrange(this.all, isMendable ? [this.item(answer, make)] : []);
    const worst = errors[0] ?? shown[0];
    const clean = box.of(this, box.say("clean"));
    let words = answer.failure ?? "";
    if (worst) {
      const first = box.messageOf(worst);
      const name = ["remark", "mistake"][errors.length] ?? "mistakes";
      words = box.say(name, { first, count: errors.length, severity: box.say(worst.severity) });
      words = box.of(this, words);
    } else if (!answer.diagnostics.length && answer.failure === undefined && (this.wasWrong || this.words === clean)) {
      words = clean;
    }
    this.announce(words, words !== clean);
  }

  // Each is made once for an answer, so that nothing changes that somebody is about to use.
  item(of, make) {
    if (!this.items.has(of)) {
      this.items.set(of, make());
    }
    return this.items.get(of);
  }

  message(diagnostic) {
    const { box } = this;
    const item = make("li", `message filter-box-message-${diagnostic.severity}`);
    item.append(
      make("strong", "severity", box.say(diagnostic.severity)),
      " ",
      make("bdi", "text", box.messageOf(diagnostic)),
    );
    // The server's hint is in the server's language.
    if (diagnostic.hint && !box.isTranslated(diagnostic)) {
      item.append(" ", make("bdi", "advice", diagnostic.hint));
    }
    for (const { edits } of this.isFixed ? [] : diagnostic.fixes) {
      item.append(" ", this.button("mend", "mend", edits));
    }
    return item;
  }

  button(words, part, edits) {
    const { text } = this.answer;
    const button = make("button", part);
    button.type = "button";
    const [before, after] = this.box.say(words).split("{text}");
    button.append(before, make("bdi", "mended", mendedExcerpt(text, edits)), after ?? "");
    button.addEventListener("click", () => {
      if (this.input.value === text) {
        this.mending = true;
        this.change(text, edits);
        this.mending = false;
        // Who changed something is told how it is now.
        this.wasWrong = true;
        this.close();
      }
    });
    return button;
  }

  // What was said holds no more at once; what holds now is said in a while.
  announce(words, isWrong) {
    if (words !== this.words) {
      this.words = words;
      this.status.textContent = "";
      clearTimeout(this.announcing);
      if (words) {
        this.announcing = later(this.status, words, () => {
          this.wasWrong = isWrong;
        });
      }
    }
  }
}

// Not at each key: nobody could listen to that.
const later = (status, words, done) =>
  setTimeout(() => {
    status.textContent = words;
    done?.();
  }, 700);

// Have these children, and leave alone those that are there.
const arrange = (parent, children) => {
  for (const child of [...parent.children]) {
    if (!children.includes(child)) {
      child.remove();
    }
  }
  children.forEach((child, index) => {
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
  });
};

const mendedExcerpt = (text, edits) => {
  const made = editsIn(text, edits);
  let mended = "";
  let from = 0;
  for (const { start, end, put } of made) {
    mended += text.slice(from, start) + put;
    from = end;
  }
  mended += text.slice(from);
  const characters = [...mended];
  if (characters.length <= MOST_SHOWN) {
    return mended;
  }
  const place = codePoints(text.slice(0, made[0].start));
  const start = Math.max(0, Math.min(place - 20, characters.length - MOST_SHOWN));
  const end = start + MOST_SHOWN;
  const cut = characters.slice(start, end).join("");
  return (start ? "…" : "") + cut + (end < characters.length ? "…" : "");
};

export class FilterBox extends HTMLElement {
  static observedAttributes = ["endpoint"];

  /** The words of every box; those of one box are its `messages`. */
  static messages = { ...MESSAGES };

  #fields = new Map();
  #messages = {};
  #transport = null;
  #stop = null;
  #observer = null;
  #check = latest(() => this.#askReport());
  report = null;
  toldKeys = false;

  connectedCallback() {
    this.#stop = new AbortController();
    // What a copy of the page brought along belongs to nobody.
    this.querySelectorAll(`[${PART}]`).forEach((element) => element.remove());
    this.#take("transport");
    this.#take("messages");
    this.#enhance();
    this.#observer = new MutationObserver(() => this.#enhance());
    this.#observer.observe(this, { childList: true, subtree: true });
    const { signal } = this.#stop;
    // Before a script sends what was typed by itself.
    this.ownerDocument.addEventListener(
      "submit",
      ({ target }) =>
        this.#fields.forEach((field) => field.input.form === target && field.settle()),
      { signal, capture: true },
    );
    // A form puts its values back after the event, and so does a page that is come back to.
    this.ownerDocument.addEventListener(
      "reset",
      ({ target: form }) =>
        (form.contains(this) || this.contains(form)) && setTimeout(() => this.refresh()),
      { signal },
    );
    window.addEventListener("pageshow", () => this.refresh(), { signal });
    document.fonts?.ready.then(() => this.#fields.forEach((field) => field.place()));
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#observer.disconnect();
    this.#fields.forEach((field) => field.remove());
    this.#fields.clear();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#stop) {
      this.changed();
    }
  }

  // Put filters into the inputs behind one, if these are empty and enough.
  spread(input, filters) {
    const inputs = Array.from(this.querySelectorAll(SELECTOR));
    const behind = inputs.slice(inputs.indexOf(input) + 1, inputs.indexOf(input) + 1 + filters.length);
    if (behind.length < filters.length || behind.some((one) => one.value || one.readOnly)) {
      return false;
    }
    behind.forEach((one, index) => {
      one.value = filters[index];
      one.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    return true;
  }

  // What was set before the element was known hides the property of the class.
  #take(name) {
    if (Object.hasOwn(this, name)) {
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  #enhance() {
    const inputs = new Set(this.querySelectorAll(SELECTOR));
    let isChanged = false;
    for (const [input, field] of this.#fields) {
      if (!inputs.has(input)) {
        field.remove();
        this.#fields.delete(input);
        isChanged = true;
      }
    }
    for (const input of inputs) {
      if (!this.#fields.has(input)) {
        this.#fields.set(input, new Field(this, input));
        isChanged = true;
      }
    }
    if (isChanged) {
      this.#fields.forEach((field) => field.stand());
      this.changed();
    }
  }

  get pause() {
    const pause = Number.parseInt(this.getAttribute("pause"), 10);
    return Number.isNaN(pause) ? PAUSE : pause;
  }

  get transport() {
    return this.#transport ?? this.#fetch;
  }

  set transport(transport) {
    this.#transport = transport;
    if (this.#stop) {
      this.changed();
    }
  }

  get messages() {
    return { ...FilterBox.messages, ...this.#messages };
  }

  set messages(messages) {
    this.#messages = { ...messages };
    for (const field of this.#fields.values()) {
      field.list.setAttribute("aria-label", this.say("completions"));
      field.keys.textContent = this.say("keys");
      field.items.clear();
      field.tell();
    }
  }

  get filters() {
    return this.#texts().filter((text) => text.trim() !== "");
  }

  /** Ask anew; for who sets the value of an input by a script. */
  refresh() {
    this.#fields.forEach((field) => field.paint());
    this.changed();
  }

  /** Ask whether a record matches, and why. */
  explain(record) {
    return this.ask("explain", { filters: this.filters, record });
  }

  say(name, values = {}) {
    return put(this.messages[name] ?? "", values);
  }

  /** Say of which input something is said, where there are several. */
  of({ name: input }, words) {
    return words && input && this.#fields.size > 1 ? this.say("ofInput", { input, words }) : words;
  }

  isTranslated(diagnostic) {
    return diagnostic.code in this.messages;
  }

  messageOf(diagnostic) {
    const own = this.messages[diagnostic.code];
    const said = typeof own === "function" ? own(diagnostic) : own;
    return said ?? diagnostic.message;
  }

  changed() {
    this.#check();
  }

  async ask(question, payload) {
    try {
      return await this.transport.call(this, question, payload, this.#stop.signal);
    } catch (error) {
      if (this.isConnected) {
        this.dispatchEvent(new CustomEvent("filter-box-error", { bubbles: true, detail: error }));
      }
      return null;
    }
  }

  async #fetch(question, payload, signal) {
    const endpoint = this.getAttribute("endpoint");
    if (endpoint === null) {
      throw new Error("<filter-box> has neither an endpoint nor a transport");
    }
    const response = await fetch(`${endpoint.replace(/\/+$/, "")}/${question}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload),
      signal,
    });
    if (!response.ok) {
      throw new Error(`${question}: ${response.status}`);
    }
    return response.json();
  }

  #texts() {
    return [...this.#fields.keys()].map((input) => input.value);
  }

  async #askReport() {
    const fields = [...this.#fields.values()];
    const texts = this.#texts();
    if (!fields.length) {
      return;
    }
    const payload = { filters: texts };
    const index = fields.findIndex((field) => field.typing && field.hasFocus);
    const { value, selectionStart: at } = fields[index]?.input ?? {};
    // What follows on the caret can't be typed any more.
    if (index >= 0 && /^ *(;|$)/.test(value.slice(at))) {
      payload.typing = { index, cursor: codePoints(value.slice(0, at)) };
    }
    const answer = await this.ask("check", payload);
    if (!this.isConnected) {
      return;
    }
    if (!answer) {
      // Old marks would be told of a new text.
      this.report = null;
      fields.forEach((field, index) => {
        // Said once.
        const failure = index ? "" : this.say("unanswered");
        field.answered(texts[index], { clauses: [], diagnostics: [], failure });
      });
      return;
    }
    this.report = answer;
    fields.forEach((field, index) => field.answered(texts[index], answer.filters[index]));
    this.dispatchEvent(new CustomEvent("filter-box-check", { bubbles: true, detail: answer }));
  }
}

if (!customElements.get("filter-box")) {
  customElements.define("filter-box", FilterBox);
}
