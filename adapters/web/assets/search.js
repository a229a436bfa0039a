// Search of the record in the reader's own browser. The index (search/index.js) was made by adapters/web/search.py, which
// takes words apart as `terms` does here: what is changed in one is changed in both. Nothing typed leaves the browser.
"use strict";

(() => {
  const MARK = /[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0640]/g;
  const ARTICLE = /^[وفبك]?ال(?=...)/u;
  const SHOWN = 50;

  const terms = (text) =>
    (text.normalize("NFKD").replace(MARK, "").toLowerCase().replace(/ى/g, "ي").replace(/ة/g, "ه").match(/[\p{L}\p{N}]+/gu) || [])
      .map((each) => each.replace(ARTICLE, ""));

  const form = document.querySelector("form[role=search]");
  const box = form.querySelector("input");
  const count = document.getElementById("found");
  const list = document.getElementById("results");
  const words = document.getElementById("search").dataset;
  const found = MiniSearch.loadJS(self.recordIndex, {
    fields: ["title", "text"],
    storeFields: ["path", "title", "state", "about"],
    tokenize: terms,
    processTerm: (term) => term,
  });

  const made = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.textContent = text;
    return element;
  };

  const line = (each) => {
    const entry = made("li", "entry", "");
    const link = made("a", "", each.title);
    link.href = each.path;
    entry.append(link);
    if (each.about) entry.append(made("p", "about", each.about));
    entry.append(made("p", "when", each.state));
    for (const part of entry.children) part.dir = "auto";
    return entry;
  };

  const look = () => {
    const asked = box.value.trim();
    const all = asked
      ? found.search(asked, {
          combineWith: "AND",
          prefix: (term) => term.length > 2,
          fuzzy: (term) => (term.length > 4 ? 0.2 : false),
          maxFuzzy: 2,
          boost: { title: 3 },
        })
      : [];
    list.replaceChildren(...all.slice(0, SHOWN).map(line));
    count.textContent = !asked ? "" : all.length ? `${words.found} ${all.length}` : words.none;
    document.getElementById("listed").hidden = asked !== "";
    const query = asked ? `?q=${encodeURIComponent(asked)}` : location.pathname.split("/").pop();
    if (location.protocol !== "file:") history.replaceState(null, "", query || "search.html");
  };

  form.hidden = false;
  document.getElementById("without").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  box.addEventListener("input", look);
  box.value = new URLSearchParams(location.search).get("q") || "";
  look();
})();
