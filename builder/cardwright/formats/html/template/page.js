"use strict";
// Tags and citations are named by number, from 1. Where `words` stands, the page has our texts themselves.
const { deck, rows, tags, citations } = JSON.parse(data.textContent);
const root = document.documentElement;
const first = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const button = (textContent, onclick, className = "") =>
  make("button", { type: "button", textContent, onclick, className });
const fill = (text, n, m) => text.replace("{n}", n).replace("{m}", m);

// What this browser remembers. A private window may have no storage.
const recall = (name) => {
  try {
    return JSON.parse(localStorage.getItem(`cardwright ${name}`));
  } catch {
    return null;
  }
};
const remember = (name, value) => {
  try {
    localStorage.setItem(`cardwright ${name}`, JSON.stringify(value));
  } catch {
    // It is forgotten when the page is closed.
  }
};

// Pictures and sounds are in the page once, and the words of a picture as often as they change.
const files = new Map();
for (const element of all("[data-file]")) files.set(element.dataset.file, element);
for (const element of all("[data-same]")) {
  const before = files.get(element.dataset.same);
  element.src = before.src;
  if (before.alt && !element.hasAttribute("alt")) element.alt = before.alt;
  files.set(element.dataset.same, element);
}

// What the row of a note leaves out of its tags and citations is as for the note before it.
const sections = all("main>section:not(#sources)");
const notes = all("section>ul>li");
const tagged = new Map();
const cited = new Map();
let tagList = [];
let citationList = [];
const toNumbers = (list) => list.split(".").map(Number).filter(Boolean);
for (const [index, row] of rows.split(" ").entries()) {
  const [id, ownTags, ownCitations] = row.split(",");
  if (ownTags) tagList = toNumbers(ownTags);
  if (ownCitations) citationList = toNumbers(ownCitations);
  notes[index].dataset.id = id;
  tagged.set(notes[index], tagList);
  cited.set(notes[index], citationList);
}
const title = (number) => first(`#s${number} cite`).textContent;
const citation = (number) => {
  const [reference, locator] = citations[number - 1];
  const link = make("a", { href: `#s${reference}`, target: "_self", textContent: title(reference) });
  return make("span", {}, link, locator && ` § ${locator}`);
};

const citationsOf = (note) => make("p", { className: "s" }, ...cited.get(note).map(citation));

// Gaps and masks, and formulas with gaps, which stand on the page once for each number.
const holes = (note) => all("b,u[data-n],.f", note);
const numbers = (hole) => (hole.dataset.n ?? "1").split(" ");
const setHole = (hole, shut) => {
  hole.classList.toggle("shut", shut);
  if (hole.matches(".f")) {
    const asked = hole.dataset.ask ?? numbers(hole)[0];
    for (let next = hole; (next = next.nextElementSibling)?.matches(".h"); )
      next.classList.toggle("now", shut && next.dataset.n === asked);
  } else if (shut) {
    if (hole.matches("b") && !first(":scope>.w", hole)) {
      const hidden = [...hole.childNodes].filter((node) => node.localName !== "i");
      hole.prepend(make("span", { className: "w" }, ...hidden));
    }
    hole.tabIndex = 0;
    hole.role = "button";
    const place = hole.matches("u") ? all("u", hole.parentNode).indexOf(hole) + 1 : "";
    hole.ariaLabel = first(":scope>i", hole)?.textContent || `${words.hidden} ${place}`.trim();
  } else for (const name of ["role", "tabindex", "aria-label"]) hole.removeAttribute(name);
};
const openHole = (hole, within) => {
  for (const other of holes(within))
    if (numbers(other).some((number) => numbers(hole).includes(number))) setHole(other, false);
};

const setFlip = (flip, open) => {
  flip.ariaExpanded = open;
  flip.ariaLabel = flip.title = open ? words.hide : words.show;
};
const setOpen = (note, open) => {
  note.classList.toggle("open", open);
  for (const hole of holes(note)) setHole(hole, !open);
  setFlip(first(".flip", note), open);
  if (open && cited.get(note).length && !first(".s", note)) note.append(citationsOf(note));
};
const closedFlip = button("", null, "flip");
setFlip(closedFlip, false);
for (const note of notes) note.firstChild.after(closedFlip.cloneNode());
for (const hole of holes(document)) setHole(hole, true);
const onHole = (event) => {
  const hole = event.target.closest("b.shut,u.shut");
  if (hole) {
    openHole(hole, hole.closest("section>ul>li,article"));
    event.preventDefault();
  }
  return hole;
};
document.onclick = (event) => {
  const note = event.target.closest("section>ul>li");
  if (onHole(event) || !note || !getSelection().isCollapsed) return;
  if (event.target.matches(".flip") || !event.target.closest("a,button,details,audio"))
    setOpen(note, !note.matches(".open"));
};
document.onkeydown = (event) => {
  if (event.key === "Enter" || event.key === " ") onHole(event);
};

// The cards of a note, with the names by which this browser remembers them
const fronts = (note) => all(":scope>h3,:scope>.q", note);
const numberOf = (front, index) => front.dataset.n ?? String(index + 1);
const cards = new Map();
for (const note of notes) {
  const all = new Set([...fronts(note).map(numberOf), ...holes(note).flatMap(numbers)]);
  cards.set(note, [...all].map((number) => ({ note, number, id: `${note.dataset.id}#${number}` })));
}
const shownCards = () => notes.filter((note) => !note.hidden).flatMap((note) => cards.get(note));
const memory = `deck ${deck}`;
let known = new Set(recall(memory));
// The page may be open twice, so what the other has learned meanwhile is taken along.
const change = (edit) => {
  known = new Set(recall(memory) ?? known);
  edit();
  remember(memory, [...known]);
  showCount();
};

// Search and filters
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const texts = new Map();
const textOf = (note) => {
  if (!texts.has(note)) {
    const pictures = all("img", note).map(({ alt }) => alt);
    let text = [note.textContent, ...pictures].join(" ");
    if (first(".s,rt", note)) {
      const copy = note.cloneNode(true);
      for (const part of all(".s,rp", copy)) part.remove();
      pictures.push(copy.textContent);
      for (const reading of all("rt", copy)) reading.remove();
      text = [copy.textContent, ...pictures].join(" ");
    }
    texts.set(note, plain(text));
  }
  return texts.get(note);
};
const choice = (ariaLabel, options, onchange) => {
  const select = make("select", { ariaLabel, onchange, hidden: options.length < 2 });
  for (const [value, textContent] of options) select.append(make("option", { value, textContent }));
  return select;
};
const filter = () => {
  const wanted = plain(search.value).split(/\s+/);
  const has = (list, select) => !select.value || list.includes(Number(select.value));
  for (const section of sections) {
    section.hidden = true;
    for (const note of section.lastChild.children) {
      const fits =
        (!topic.value || section.id === topic.value) &&
        has(tagged.get(note), tag) &&
        has(cited.get(note).map((number) => citations[number - 1][0]), source) &&
        wanted.every((word) => textOf(note).includes(word));
      note.hidden = !fits;
      if (fits) section.hidden = false;
    }
  }
  showCount();
};
const showCount = () => {
  const shown = shownCards();
  const sum = shown.filter(({ id }) => known.has(id)).length;
  count.textContent = shown.length ? fill(words.shown, shown.length, total) : words.none;
  if (sum) count.append(` · ${fill(words.progress, sum)}`);
  studyButton.disabled = !shown.length;
  forget.hidden = !sum;
};
const total = [...cards.values()].flat().length;
let waiting;
const search = make("input", {
  type: "search",
  placeholder: words.search,
  ariaLabel: words.search,
  oninput: () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  },
});
const filterBy = (name, options) => choice(name, [["", name], ...options], filter);
const topic = filterBy(words.topics, sections.map((section) => [section.id, section.firstChild.textContent]));
const tag = filterBy(words.tags, tags.map((name, index) => [index + 1, name]));
const references = [...new Set(citations.map(([reference]) => reference))];
const source = filterBy(words.sources, references.map((number) => [number, title(number)]));
for (const select of [topic, tag, source]) select.hidden = select.length < 3;
const count = make("output", {});
const openAll = button(words.show_all, () => {
  const open = openAll.classList.toggle("open");
  openAll.textContent = open ? words.hide_all : words.show_all;
  for (const note of notes) setOpen(note, open);
});

// Light and dark
const themes = [["", words.system], ["light", words.light], ["dark", words.dark]];
const theme = choice(words.system, themes, () => {
  remember("theme", (root.dataset.theme = theme.value));
});
theme.value = root.dataset.theme = recall("theme") ?? "";

// Study: one card after the other. `queue` has those that are still to be known, of `size` at first.
let queue = [];
let size = 0;
const begin = () => {
  queue = shownCards().filter(({ id }) => !known.has(id));
  size = queue.length;
  for (let index = size; index > 1; ) {
    const other = Math.floor(Math.random() * index--);
    [queue[index], queue[other]] = [queue[other], queue[index]];
  }
  next();
};
const forgetShown = () =>
  change(() => {
    for (const { id } of shownCards()) known.delete(id);
  });
const setButtons = (...visible) => {
  for (const control of [show, again, knew, restart]) control.hidden = !visible.includes(control);
  visible.at(-1).focus();
};
const next = () => {
  left.textContent = fill(words.left, queue.length);
  bar.max = size || 1;
  bar.value = bar.max - queue.length;
  place.scrollTop = 0;
  if (!queue.length) {
    place.replaceChildren(make("p", { textContent: words.done }));
    return setButtons(restart);
  }
  const { note, number } = queue[0];
  const copy = make("article", {}, ...note.cloneNode(true).childNodes);
  for (const part of all(".flip,.s", copy)) part.remove();
  for (const [index, front] of fronts(copy).entries())
    if (numberOf(front, index) !== number) {
      front.nextElementSibling.remove();
      front.remove();
    }
  for (const hole of holes(copy)) {
    const asked = numbers(hole).includes(number);
    hole.dataset.ask = number;
    hole.classList.toggle("asked", asked);
    setHole(hole, asked || (hole.matches("[data-all] u")));
  }
  for (const name of all("figure+ol>li", copy)) if (!first(".asked", name)) name.remove();
  copy.append(citationsOf(note));
  place.replaceChildren(copy);
  setButtons(show);
};
const showAnswer = () => {
  const copy = place.firstChild;
  copy.classList.add("open");
  for (const hole of all(".asked", copy)) setHole(hole, false);
  setButtons(again, knew);
};
const grade = (knewIt) => {
  const card = queue.shift();
  if (knewIt) change(() => known.add(card.id));
  else queue.splice(3 + Math.floor(Math.random() * 3), 0, card);
  next();
};
const studyButton = button(
  words.study,
  () => {
    study.showModal();
    begin();
  },
  "main",
);
const show = button(words.show, showAnswer, "main");
const again = button(words.unknown, () => grade(false));
const knew = button(words.known, () => grade(true), "main");
const forget = button(words.restart, forgetShown);
const restart = button(
  words.restart,
  () => {
    forgetShown();
    begin();
  },
  "main",
);
const keys = new Map([[" ", show], ["1", again], ["2", knew]]);
for (const [key, control] of keys) control.dataset.key = key;
const close = button("✕", () => study.close(), "close");
close.ariaLabel = close.title = words.close;
const bar = make("progress", { ariaLabel: words.progress });
const left = make("span", { role: "status" });
const place = make("div", { className: "card", ariaLive: "polite" });
const study = make(
  "dialog",
  { ariaLabel: words.study, onclose: () => studyButton.focus() },
  make("header", {}, close, bar, left),
  place,
  make("footer", {}, show, again, knew, restart),
);
study.onkeydown = (event) => {
  const control = keys.get(event.key);
  if (!control || control.hidden || event.target.closest("audio,summary,a,.close,.shut")) return;
  event.preventDefault();
  control.click();
};

const more = make("div", { id: "more" }, topic, tag, source, openAll, theme, forget);
const options = button(
  words.options,
  () => {
    options.ariaExpanded = more.classList.toggle("shown");
  },
  "options",
);
options.ariaExpanded = false;
first("header").after(
  make("div", { className: "tools", role: "search" }, search, options, studyButton, more, count),
);
document.body.append(study);
root.classList.add("js");
showCount();
