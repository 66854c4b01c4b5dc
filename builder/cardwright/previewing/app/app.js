"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  let cards = [];
  let problems = [];
  let current = location.hash ? decodeURIComponent(location.hash.slice(1)) : "";
  let shown = "";

  const filters = {};
  const addFilter = (name, label, value) => {
    const select = make("select", { ariaLabel: label });
    select.addEventListener("change", list);
    filters[name] = { select, label, value };
    $("filters").append(select);
  };
  const fillFilters = () => {
    for (const { select, label, value } of Object.values(filters)) {
      const old = select.value;
      const values = [...new Set(cards.flatMap(value))].filter(Boolean).sort((a, b) => a.localeCompare(b));
      select.replaceChildren(
        make("option", { value: "", textContent: label }),
        ...values.map((text) => make("option", { value: text, textContent: text })),
      );
      select.value = values.includes(old) ? old : "";
      select.hidden = values.length < 2 && !old;
    }
  };
  const problemsOf = (card) => problems.filter((problem) => problem.card === card.id);

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const fits = (card) => {
    const wanted = plain($("search").value).split(/\s+/).filter(Boolean);
    card.plain ??= plain(`${card.text} ${card.name}`);
    return (
      wanted.every((word) => card.plain.includes(word)) &&
      Object.values(filters).every(({ select, value }) => !select.value || [value(card)].flat().includes(select.value))
    );
  };
  const entries = new Map();
  const entryOf = (card) => {
    let entry = entries.get(card.id);
    if (!entry) {
      entry = make("button", { type: "button" });
      entry.addEventListener("click", () => go(card.id));
      entries.set(card.id, entry);
    }
    const own = problemsOf(card);
    const state = JSON.stringify([card.digest, card.change, own.length, card.topic]);
    if (entry.dataset.state !== state) {
      entry.dataset.state = state;
      const notes = [card.name, card.change].filter(Boolean).join(" · ");
      entry.replaceChildren(make("span", { className: "words", textContent: card.text.slice(0, 160) }), make("small", { textContent: notes }));
      if (own.length) entry.append(make("small", { className: "mark", textContent: `${own.length} to mend or consider` }));
    }
    entry.ariaCurrent = String(card.id === current);
    return entry;
  };
  function list() {
    const fitting = cards.filter(fits);
    $("list").replaceChildren(...fitting.map((card) => make("li", {}, entryOf(card))));
    $("count").textContent = `${fitting.length} of ${cards.length} cards`;
    return fitting;
  }

  const address = (card, options) => `/card?${new URLSearchParams({ card: card.id, v: card.digest, ...options })}`;
  const frame = (card, label, options) =>
    make(
      "figure",
      { className: options.phone ? "phone" : "" },
      make("figcaption", { textContent: label }),
      make("iframe", { title: label, src: address(card, options) }),
    );
  const show = () => {
    const card = cards.find((one) => one.id === current);
    if (!card) return;
    const state = JSON.stringify([card.id, card.digest, card.change]);
    $("problems")?.replaceWith(problemBox(card));
    if (state === shown) return;
    shown = state;
    const place = make("button", { type: "button", textContent: `${card.path}:${card.line}` });
    place.addEventListener("click", async () => {
      const answer = await fetch(`/open?${new URLSearchParams({ card: card.id })}`, { method: "POST" });
      const { problem } = await answer.json();
      if (problem) $("banner").textContent = problem;
    });
    const frames = make("div", { className: "frames" });
    for (const [phone, device] of [["", "Desktop"], ["1", "Phone"]])
      for (const [night, time] of [["", "day"], ["1", "night"]])
        for (const [back, side] of [["", "front"], ["1", "back"]])
          frames.append(frame(card, `${device}, ${time}, ${side}`, { back, night, phone }));
    const printed = make("div", { className: "printed frames" });
    fetch(`/printed?${new URLSearchParams({ card: card.id })}`)
      .then((answer) => answer.json())
      .then(({ sides }) => {
        for (let side = 0; side < sides; side++)
          printed.append(
            make("figure", {}, make("figcaption", { textContent: side % 2 ? "Printed, back" : "Printed, front" }),
              make("img", { alt: "", src: `/printed?${new URLSearchParams({ card: card.id, side, v: card.digest })}` })),
          );
      });
    $("card").replaceChildren(make("h1", { textContent: card.name }), make("p", {}, place), problemBox(card), frames, printed);
  };
  const problemBox = (card) =>
    make("div", { id: "problems" }, ...problemsOf(card).map((problem) =>
      make("p", { className: `problem ${problem.severity}` }, `${problem.message}${problem.help ? ` — ${problem.help}` : ""}`)));
  const go = (id) => {
    current = id;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    for (const [other, entry] of entries) entry.ariaCurrent = String(other === id);
    show();
  };

  const load = async () => {
    const data = await (await fetch("/cards.json")).json();
    ({ cards, problems } = data);
    fillFilters();
    const fitting = list();
    if (!cards.some((card) => card.id === current)) current = fitting[0]?.id ?? "";
    const general = problems.filter((problem) => problem.severity === "error");
    $("banner").textContent = general.map((problem) => `${problem.path}:${problem.line}: ${problem.message}${problem.help ? `\n${problem.help}` : ""}`).join("\n\n");
    go(current);
  };
  addFilter("topic", "All topics", (card) => card.topic);
  addFilter("tag", "All tags", (card) => card.tags);
  addFilter("type", "All kinds", (card) => card.type);
  addFilter("change", "All cards", (card) => card.change);
  $("search").addEventListener("input", list);
  new EventSource("/events").onmessage = load;
})();
