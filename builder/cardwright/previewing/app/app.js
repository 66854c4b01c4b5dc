import { showPositions } from "./positions.js";

(() => {
  const $ = (id) => document.getElementById(id);
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const query = (path, values) => `${path}?${new URLSearchParams(values)}`;
  const SEVERITIES = ["error", "warning", "note", "advice"];

  // What the server said last.
  let cards = [];
  let problems = [];
  // The id of the card that is shown, and all that its page depends on.
  const named = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return ""; // an address that was typed, or cut off
    }
  };
  let current = named();
  let shown = "";

  // A problem is named by the first card of its note, and concerns all of them.
  const noteOf = (id) => id.replace(/#\d+$/, "");
  let problemsByNote = new Map();
  const problemsOf = (card) => problemsByNote.get(noteOf(card.id)) ?? [];

  // Filters

  const filters = [
    { label: "All decks", of: (card) => [card.deck] },
    { label: "All topics", of: (card) => [card.topic] },
    { label: "All tags", of: (card) => card.tags },
    { label: "All kinds", of: (card) => [card.type] },
    { label: "All problems", of: (card) => problemsOf(card).map((problem) => problem.severity) },
    { label: "Changed or not", of: (card) => [card.change] },
  ];
  for (const filter of filters) {
    filter.select = make("select", { ariaLabel: filter.label });
    filter.select.addEventListener("change", list);
    $("filters").append(filter.select);
  }
  const fillFilters = () => {
    for (const { select, label, of } of filters) {
      const chosen = select.value;
      const values = [...new Set(cards.flatMap(of))].filter(Boolean).sort((a, b) => a.localeCompare(b));
      if (chosen && !values.includes(chosen)) values.push(chosen);
      select.replaceChildren(new Option(label, ""), ...values.map((value) => new Option(value, value)));
      select.value = chosen;
      select.hidden = !values.length || (values.length === 1 && of === filters[0].of);
    }
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const searched = new Map();
  const searchedText = (card) => {
    let known = searched.get(card.id);
    if (known?.of !== card.text) searched.set(card.id, (known = { of: card.text, text: plain(`${card.text} ${card.name}`) }));
    return known.text;
  };
  const matching = () => {
    const words = plain($("search").value).split(/\s+/).filter(Boolean);
    const chosen = filters.filter(({ select }) => select.value);
    return cards.filter(
      (card) =>
        words.every((word) => searchedText(card).includes(word)) &&
        chosen.every(({ select, of }) => of(card).includes(select.value)),
    );
  };

  // The list. An entry stays the same element, and is written anew only when it says something else.

  const entries = new Map();
  const entryOf = (card) => {
    const own = problemsOf(card);
    const state = JSON.stringify([card.text, card.change, own.length]);
    let entry = entries.get(card.id);
    if (!entry) {
      const button = make("button", { type: "button" });
      button.addEventListener("click", () => go(card.id));
      entries.set(card.id, (entry = { item: make("li", {}, button), button }));
    }
    if (entry.state !== state) {
      entry.state = state;
      const notes = make("small", {}, make("span", { textContent: card.name }));
      if (card.change) notes.append(make("span", { textContent: card.change }));
      for (const severity of SEVERITIES) {
        const count = own.filter((problem) => problem.severity === severity).length;
        if (count) notes.append(make("span", { className: severity, textContent: `${severity} ${count}` }));
      }
      entry.button.replaceChildren(make("span", { className: "words", textContent: card.text.slice(0, 200) }), notes);
    }
    return entry;
  };
  function list() {
    const found = matching();
    const items = found.map((card) => entryOf(card).item);
    const old = $("list").children;
    if (items.length !== old.length || items.some((item, index) => item !== old[index])) $("list").replaceChildren(...items);
    $("count").textContent = `${found.length} of ${cards.length} cards`;
    mark();
    return found;
  }
  const mark = () => {
    for (const [id, { button }] of entries)
      if (id === current) button.ariaCurrent = "true";
      else button.removeAttribute("aria-current");
  };

  // The card

  const fit = (frame) => {
    const page = frame.contentDocument;
    const content = page?.getElementById("qa");
    if (!content) return;
    const { paddingBottom, marginBottom } = page.defaultView.getComputedStyle(page.body);
    const height = content.getBoundingClientRect().bottom + parseFloat(paddingBottom) + parseFloat(marginBottom);
    frame.style.height = `${Math.min(Math.max(Math.ceil(height), 100) + 2, 1200)}px`;
  };
  const frame = (card, label, options) => {
    const element = make("iframe", { title: `${options.back ? "Back" : "Front"}: ${label}` });
    element.addEventListener("load", () => {
      fit(element);
      // Pictures, and hints that open, make the card longer.
      new ResizeObserver(() => fit(element)).observe(element.contentDocument.getElementById("qa"));
    });
    element.src = query("/card", { card: card.id, version: card.digest, ...options });
    return make("figure", { className: options.phone ? "phone" : "" }, make("figcaption", { textContent: label }), element);
  };
  const VIEWS = [
    ["Desktop, day", {}],
    ["Desktop, night", { night: "1" }],
    ["Phone, day", { phone: "1" }],
    ["Phone, night", { night: "1", phone: "1" }],
  ];
  // Drawing takes time: one card after the other, without those that were only passed by.
  let printing = Promise.resolve();
  const views = (card) => {
    const rows = {};
    const result = [];
    for (const [side, back] of [["front", ""], ["back", "1"]]) {
      rows[side] = make("div", { className: "sides" });
      if (card.change === "changed") rows[side].append(frame(card, "In the last release", { back, earlier: "1" }));
      rows[side].append(...VIEWS.map(([label, options]) => frame(card, label, { back, ...options })));
      result.push(make("h2", { textContent: side === "front" ? "Front" : "Back" }), rows[side]);
    }
    const picture = ({ number, side, width, height, margin_x, margin_y }) => {
      const src = query("/printed", { card: card.id, version: card.digest, side: number });
      const image = make("img", { alt: `The ${side} as it is printed`, src });
      const trim = make("div", { className: "trim" }, image);
      // The picture has some paper around the card, which lies outside of the trim.
      Object.assign(image.style, { width: `${width + 2 * margin_x}px`, margin: `${-margin_y}px ${-margin_x}px` });
      Object.assign(trim.style, { width: `${width}px`, height: `${height}px` });
      return make("figure", { className: "printed" }, make("figcaption", { textContent: "Printed" }), trim);
    };
    const state = shown;
    const print = async () => {
      if (shown !== state) return;
      const answer = await fetch(query("/printed", { card: card.id, version: card.digest }));
      const { sides, problems } = await answer.json();
      if (shown !== state) return;
      for (const one of sides) rows[one.side].append(picture(one));
      const why = problems.length ? "This card can't be printed as it is." : "This card isn't printed.";
      if (!sides.length) result[1].after(make("p", { className: "soft", textContent: why }));
      $("paper").replaceChildren(...problems.map(describe));
    };
    // The frames come first, and those that are replaced before they are there aren't waited for.
    const frames = Object.values(rows).flatMap((row) => [...row.querySelectorAll("iframe")]);
    const loaded = Promise.all(frames.map((one) => new Promise((done) => one.addEventListener("load", done))));
    const patience = new Promise((done) => setTimeout(done, 1000));
    printing = Promise.all([printing, Promise.race([loaded, patience])]).then(print).catch(() => {});
    return result;
  };
  const describe = (problem) =>
    make("li", { className: problem.severity },
      make("b", { textContent: `${problem.severity}: ` }), problem.message,
      ...(problem.help ? [make("div", { className: "help", textContent: problem.help })] : []),
    );
  const show = () => {
    const card = cards.find((one) => one.id === current);
    $("card").hidden = !card;
    $("empty").hidden = Boolean(card);
    $("empty").textContent = cards.length
      ? "There is no such card, or it can't be shown yet."
      : "No cards yet. “cardwright new NAME” makes a deck with examples, which appears here.";
    if (!card) return;
    $("name").textContent = card.name;
    $("about").textContent = [card.deck, card.topic, card.type, ...card.tags].filter(Boolean).join(" · ");
    $("open").textContent = `${card.path}:${card.line}`;
    $("open").title = "Open in your editor";
    $("problems").replaceChildren(...problemsOf(card).map(describe));
    const state = JSON.stringify([card.id, card.digest, card.change]);
    if (state === shown) return;
    // A new text in an old place keeps the scroll position, since the frames keep their heights.
    const heights = shown && JSON.parse(shown)[0] === card.id ? [...$("views").querySelectorAll("iframe")].map((one) => one.style.height) : [];
    shown = state;
    $("paper").replaceChildren();
    $("views").replaceChildren(...views(card));
    for (const [index, one] of $("views").querySelectorAll("iframe").entries()) one.style.height = heights[index] || "";
    showPositions(card).catch(() => {});
    if (!heights.length) $("main").scrollTop = 0;
    document.title = `${card.name} – cardwright`;
  };
  const go = (id) => {
    current = id;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    mark();
    show();
  };
  const step = (by) => {
    const found = matching();
    const next = found[found.findIndex((card) => card.id === current) + by];
    if (!next) return;
    go(next.id);
    entries.get(next.id).button.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", () => go(named()));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("search").addEventListener("input", list);
  const openInEditor = async (what) => {
    const answer = await fetch(query("/open", what), { method: "POST" }).catch(() => null);
    if (!answer) return; // the preview has stopped, as the page says already
    const { problem } = answer.ok ? await answer.json() : {};
    if (problem) tell(make("div", { textContent: problem }));
  };
  $("open").addEventListener("click", () => openInEditor({ card: current }));
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      $("search").focus();
    } else if (event.key === "j" || event.key === "ArrowDown") step(1);
    else if (event.key === "k" || event.key === "ArrowUp") step(-1);
    else return;
    event.preventDefault();
  });

  // News

  const tell = (...news) => {
    $("banner").hidden = !news.length;
    $("banner").replaceChildren(...news);
  };
  const describeAtPlace = (problem) => {
    const news = make("div");
    if (problem.path) {
      const place = make("button", { type: "button", textContent: `${problem.path}:${problem.line}:${problem.column}` });
      place.addEventListener("click", () => openInEditor({ problem: problem.number }));
      news.append(place, " ");
    }
    news.append(problem.message);
    if (problem.help) news.append(make("div", { className: "help", textContent: problem.help }));
    return news;
  };
  const load = async () => {
    const answer = await fetch("/cards.json");
    const data = await answer.json();
    cards = data.cards;
    problems = data.problems;
    problemsByNote = Map.groupBy(problems, (problem) => noteOf(problem.card));
    const ids = new Set(cards.map((card) => card.id));
    for (const id of entries.keys()) if (!ids.has(id)) entries.delete(id);
    const [errors, others] = [true, false].map((isError) =>
      problems.filter(({ severity, card }) => (severity === "error") === isError && (isError || !card)),
    );
    tell(...errors.map(describeAtPlace));
    $("others").hidden = !others.length;
    $("other-count").textContent = others.length === 1 ? "1 problem that is about no card" : `${others.length} problems that are about no card`;
    $("other-problems").replaceChildren(...others.map((one) => make("li", { className: one.severity }, describeAtPlace(one))));
    fillFilters();
    const found = list();
    if (ids.has(current)) show();
    else go((found[0] ?? cards[0])?.id ?? "");
  };
  // One at a time; versions that come meanwhile are one more.
  let loading = null;
  let isStale = false;
  const refresh = () => {
    isStale = true;
    loading ??= (async () => {
      while (isStale) {
        isStale = false;
        await load().catch(() => {});
      }
      loading = null;
    })();
  };
  const follow = (isRunning) => {
    if (isRunning) refresh();
    else tell(make("div", { textContent: "The preview has stopped. Start it again, and this page goes on." }));
  };
  // A browser keeps six connections to a server, so one tab listens for all; when it is closed, another one.
  const tabs = new BroadcastChannel("news");
  tabs.addEventListener("message", ({ data }) => follow(data));
  const listen = () =>
    new Promise(() => {
      const events = new EventSource("/events");
      for (const [type, isRunning] of [["message", true], ["error", false]])
        events.addEventListener(type, () => {
          follow(isRunning);
          tabs.postMessage(isRunning);
        });
    });
  navigator.locks.request("events", { ifAvailable: true }, (lock) => {
    if (lock) return listen();
    refresh();
    navigator.locks.request("events", listen);
    return null;
  });
})();
