// What somebody has typed outlives a login that ended, a page that failed and a reload: it is kept
// in this tab until it was taken, for the person who typed it, half a day at most. Passwords,
// files and confirmations that a form demands are not kept: these are given anew.
{
  const MARK = "draft ";
  const OLD = 12 * 3600 * 1000;
  const bar = document.getElementById("drafts");
  const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith(MARK))
    .map((key) => [key, JSON.parse(sessionStorage.getItem(key))]);
  const put = (key, draft) => { try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* full */ } };
  const unsent = () => kept().forEach(([key, draft]) => put(key, { ...draft, sent: false }));

  const fields = (form) => [...form.elements].filter((field) => field.name && !field.readOnly
    && /^(text|search|tel|email|url|number|date|datetime-local|time|range|radio|checkbox|textarea|select-one)$/.test(field.type)
    && !(field.type === "checkbox" && field.required));
  const ticked = ({ type }) => type === "radio" || type === "checkbox";
  const read = (form) => fields(form).map((field) =>
    [field.name, ticked(field) ? field.value : "", ticked(field) ? field.checked : field.value]);
  const nameOf = (form) =>
    `${MARK}${location.pathname} ${form.id} ${form.getAttribute("action")} ${fields(form)[0].name}`;

  // Gives back what was typed; whether any of it differed from the page.
  const restore = (form, draft) => {
    const had = new Map(draft.values.map(([name, value, now]) => [`${name} ${value}`, now]));
    const changed = fields(form).filter((field) => {
      const now = had.get(`${field.name} ${ticked(field) ? field.value : ""}`);
      if (now === undefined || now === (ticked(field) ? field.checked : field.value)) return false;
      if (ticked(field)) field.checked = now; else field.value = now;
      return true;
    });
    changed.forEach((field) => ["input", "change"].forEach((what) =>
      field.dispatchEvent(new Event(what, { bubbles: true }))));
    changed.forEach((field) => { const shut = field.closest("details:not([open])"); if (shut) shut.open = true; });
    return changed.length > 0;
  };

  const watch = (form) => {
    const key = nameOf(form);
    const first = JSON.stringify(read(form));
    const found = sessionStorage.getItem(key);
    const keep = (sent) => {
      const values = read(form);
      if (JSON.stringify(values) === first) sessionStorage.removeItem(key);
      else put(key, { at: Date.now(), who: bar.dataset.who, sent, values });
    };
    if (found && restore(form, JSON.parse(found))) {
      bar.hidden = false;
      bar.querySelector("time").textContent = new Date(JSON.parse(found).at)
        .toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      bar.querySelector("button").addEventListener("click", () => { sessionStorage.removeItem(key); location.reload(); });
    }
    form.addEventListener("input", () => keep(false));
    form.addEventListener("change", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  };

  if (!bar) {
    // Nobody is logged in: what was sent off did not arrive.
    unsent();
  } else {
    const again = performance.getEntriesByType("navigation")[0]?.type;
    if (document.querySelector("[data-test=fault]") || again === "back_forward" || again === "reload") unsent();
    kept().filter(([, draft]) => draft.sent || draft.who !== bar.dataset.who || Date.now() - draft.at > OLD)
      .forEach(([key]) => sessionStorage.removeItem(key));
    document.querySelectorAll("body:not(.live):not(.phone) form[method=post]").forEach((form) => {
      if (form.getAttribute("action") === "/logout") {
        form.addEventListener("submit", () => kept().forEach(([key]) => sessionStorage.removeItem(key)));
      } else if (form.dataset.page === undefined && fields(form).length > 0) watch(form);
    });
  }
}
