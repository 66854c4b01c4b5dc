"use strict";
(() => {
  const { deck, tags, citations, words } = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const articles = [...document.querySelectorAll("article")];
  root.classList.add("js");

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // What the browser remembers. A private window may have no storage.
  const store = {
    get: (name) => {
      try {
        return JSON.parse(localStorage.getItem(`cardwright ${name}`));
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        localStorage.setItem(`cardwright ${name}`, JSON.stringify(value));
      } catch {
        // It is forgotten when the page is closed.
      }
    },
  };

  // Pictures and sounds are in the page once.
  for (const element of document.querySelectorAll("[data-same]"))
    element.src = document.querySelector(`[data-file="${element.dataset.same}"]`).src;

  // Tags and citations are named by number; most notes of a section have the same.
  const listOf = (article, name) => {
    const list = article.dataset[name] ?? article.parentElement.dataset[name] ?? "";
    return list ? list.split(" ").map(Number) : [];
  };
  const title = (number) => document.querySelector(`#s${number} cite`).textContent;
  const citationOf = (number) => {
    const [reference, locator] = citations[number - 1];
    const link = make("a", { href: `#s${reference}`, textContent: title(reference) });
    return make("span", {}, link, locator && ` § ${locator}`);
  };

  // Light and dark
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let theme = store.get("theme") || "system";
  const themeButton = make("button", { type: "button" });
  const applyTheme = () => {
    root.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    themeButton.textContent = words[theme];
  };
  dark.addEventListener("change", applyTheme);
  themeButton.addEventListener("click", () => {
    const themes = ["system", "light", "dark"];
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    store.set("theme", theme);
    applyTheme();
  });
  applyTheme();

  // Gaps and masks. What is hidden in a gap stands in a `span`, beside its hint.
  const holes = (article) => [...article.querySelectorAll("b[data-n], u[data-n], .f")];
  const numbers = (hole) => hole.dataset.n.split(" ");
  const setHole = (hole, shut) => {
    hole.classList.toggle("shut", shut);
    if (hole.matches(".f")) {
      const first = hole.dataset.ask || numbers(hole)[0];
      for (let next = hole.nextElementSibling; next?.matches(".h"); next = next.nextElementSibling)
        next.classList.toggle("now", shut && next.dataset.n === first);
    } else if (shut) {
      hole.tabIndex = 0;
      hole.role = "button";
      hole.ariaLabel = hole.querySelector(":scope > i")?.textContent || words.hidden;
    } else for (const name of ["role", "tabindex", "aria-label"]) hole.removeAttribute(name);
  };
  const openHole = (hole) => {
    for (const other of holes(hole.closest("article")))
      if (numbers(other).some((number) => numbers(hole).includes(number))) setHole(other, false);
  };

  // Cards
  const setOpen = (article, open) => {
    article.classList.toggle("open", open);
    for (const hole of holes(article)) setHole(hole, !open);
    const flip = article.querySelector(".flip");
    flip.textContent = open ? words.hide : words.show;
    flip.ariaExpanded = open;
  };
  for (const article of articles) {
    for (const hint of article.querySelectorAll("details"))
      hint.prepend(make("summary", { textContent: words.hint }));
    for (const gap of article.querySelectorAll("b[data-n]")) {
      const hint = gap.querySelector(":scope > i");
      const hidden = make("span", {}, ...[...gap.childNodes].filter((node) => node !== hint));
      gap.prepend(hidden);
    }
    const cited = listOf(article, "s");
    if (cited.length) article.append(make("p", { className: "s" }, ...cited.map(citationOf)));
    article.append(make("button", { type: "button", className: "flip" }));
    setOpen(article, false);
  }
  const onHole = (event) => {
    const hole = event.target.closest("b.shut, u.shut");
    if (!hole) return false;
    openHole(hole);
    event.preventDefault();
    return true;
  };
  document.addEventListener("click", (event) => {
    if (onHole(event) || !event.target.matches(".flip")) return;
    const article = event.target.closest("article");
    setOpen(article, !article.classList.contains("open"));
  });
  document.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && onHole(event)) return;
    if (event.key === "/" && !event.target.matches("input, select") && !study.open) {
      event.preventDefault();
      search.focus();
    }
  });

  // Search and filters
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (article) => {
    if (!texts.has(article)) texts.set(article, plain(article.textContent));
    return texts.get(article);
  };
  const search = make("input", { type: "search", placeholder: words.search, ariaLabel: words.search });
  const choice = (name, options) => {
    const select = make("select", { ariaLabel: name }, make("option", { value: "", textContent: name }));
    for (const [value, textContent] of options) select.append(make("option", { value, textContent }));
    select.hidden = options.length < 2;
    return select;
  };
  const sections = [...document.querySelectorAll("main > section:not(#sources)")];
  const topic = choice(words.topics, sections.map((section) => [section.id, section.firstChild.textContent]));
  const tag = choice(words.tags, tags.map((name, index) => [String(index + 1), name]));
  const source = choice(
    words.sources,
    [...new Set(citations.map(([reference]) => reference))].map((number) => [String(number), title(number)]),
  );
  const count = make("output", { ariaLive: "polite" });
  const has = (list, value) => !value || list.includes(Number(value));
  const filter = () => {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const section of sections) {
      let any = false;
      for (const article of section.querySelectorAll("article")) {
        const fits =
          (!topic.value || section.id === topic.value) &&
          has(listOf(article, "t"), tag.value) &&
          has(listOf(article, "s").map((number) => citations[number - 1][0]), source.value) &&
          wanted.every((word) => textOf(article).includes(word));
        article.hidden = !fits;
        any ||= fits;
        shown += fits;
      }
      section.hidden = !any;
    }
    count.textContent = shown ? fill(words.shown, { n: shown, m: articles.length }) : words.none;
    studyButton.disabled = !shown;
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  });
  for (const select of [topic, tag, source]) select.addEventListener("change", filter);
  const all = make("button", { type: "button", textContent: words.show_all });
  let allOpen = false;
  all.addEventListener("click", () => {
    allOpen = !allOpen;
    all.textContent = allOpen ? words.hide_all : words.show_all;
    for (const article of articles) setOpen(article, allOpen);
  });

  // Study
  const known = new Set(store.get(deck) || []);
  const study = make("dialog", { ariaLabel: words.study });
  const studyButton = make("button", { type: "button", className: "main", textContent: words.study });
  const left = make("span", { role: "status" });
  const bar = make("progress", { ariaLabel: words.study });
  const close = make("button", { type: "button", textContent: words.close });
  const place = make("div", { className: "card" });
  const show = make("button", { type: "button", className: "main", textContent: words.show });
  const again = make("button", { type: "button", textContent: words.unknown });
  const knew = make("button", { type: "button", className: "main", textContent: words.known });
  const restart = make("button", { type: "button", className: "main", textContent: words.restart });
  study.append(make("header", {}, bar, left, close), place, make("footer", {}, show, again, knew, restart));
  let queue = [];
  let total = 0;

  const fronts = (article) => [...article.querySelectorAll(":scope > h3, :scope > .q")];
  const numberOf = (front, index) => front.dataset.n || String(index + 1);
  const cardsOf = (article) =>
    [...new Set([...fronts(article).map(numberOf), ...holes(article).flatMap(numbers)])].map((number) => ({
      article,
      number,
      id: `${article.id}#${number}`,
    }));
  const shuffle = (list) => {
    for (let index = list.length - 1; index > 0; index--) {
      const other = Math.floor(Math.random() * (index + 1));
      [list[index], list[other]] = [list[other], list[index]];
    }
    return list;
  };
  const isShown = () => place.firstChild?.classList.contains("open");
  const showCard = (open) => {
    const { article, number } = queue[0];
    const copy = article.cloneNode(true);
    copy.removeAttribute("id");
    copy.hidden = false;
    copy.querySelector(".flip").remove();
    for (const [index, front] of fronts(copy).entries())
      if (numberOf(front, index) !== number) {
        front.nextElementSibling.remove();
        front.remove();
      }
    copy.classList.toggle("open", open);
    for (const hole of holes(copy)) {
      hole.dataset.ask = number;
      const asked = numbers(hole).includes(number);
      const hidesAll = hole.matches("u") && hole.closest("[data-all]");
      hole.classList.toggle("asked", asked);
      setHole(hole, asked ? !open : Boolean(hidesAll));
    }
    place.replaceChildren(copy);
    place.scrollTop = 0;
    for (const button of [again, knew]) button.hidden = !open;
    show.hidden = open;
    restart.hidden = true;
    left.textContent = fill(words.left, { n: queue.length });
    bar.max = total;
    bar.value = total - queue.length;
    (open ? knew : show).focus();
  };
  const next = () => {
    if (queue.length) return showCard(false);
    place.replaceChildren(make("p", { textContent: words.done }));
    for (const button of [show, again, knew]) button.hidden = true;
    restart.hidden = false;
    left.textContent = "";
    bar.max = bar.value = 1;
    restart.focus();
  };
  const begin = () => {
    const cards = articles.filter((article) => !article.hidden).flatMap(cardsOf);
    queue = shuffle(cards.filter((card) => !known.has(card.id)));
    total = queue.length;
    next();
  };
  const grade = (knewIt) => {
    const card = queue.shift();
    if (knewIt) known.add(card.id);
    else queue.splice(Math.min(queue.length, 3 + Math.floor(Math.random() * 3)), 0, card);
    store.set(deck, [...known]);
    next();
  };
  studyButton.addEventListener("click", () => {
    study.showModal();
    begin();
  });
  close.addEventListener("click", () => study.close());
  study.addEventListener("close", () => studyButton.focus());
  show.addEventListener("click", () => showCard(true));
  again.addEventListener("click", () => grade(false));
  knew.addEventListener("click", () => grade(true));
  restart.addEventListener("click", () => {
    for (const card of articles.filter((article) => !article.hidden).flatMap(cardsOf)) known.delete(card.id);
    store.set(deck, [...known]);
    begin();
  });
  study.addEventListener("keydown", (event) => {
    if (!queue.length || event.target.matches("audio")) return;
    if (event.key === " " && !isShown()) {
      event.preventDefault();
      showCard(true);
    }
    if (isShown() && event.key === "1") grade(false);
    else if (isShown() && event.key === "2") grade(true);
  });

  document.querySelector("header").after(
    make("nav", { className: "tools", ariaLabel: words.search }, search, topic, tag, source, all, studyButton, themeButton, count),
  );
  document.body.append(study);
  filter();
})();
