// Evaluate: the decision follows what is ticked and typed before it is saved. The server decides, and
// writes nothing. While it is asked the verdict is dimmed; an answer that a newer one made stale is
// aborted and never shown; one that does not come is said, and asked for again. Nothing can be kept
// while something is unsaved, and where all is as it was the page is as it was.
{
  // So long an answer is waited for, and so long until it is asked for again, ms (ours).
  const WAIT = 8000;
  const AGAIN = 3000;
  const page = document.getElementById("evaluate");
  const of = (act) => page ? [...page.querySelectorAll(`form[action$='/evaluate/${act}']`)] : [];
  const resolving = of("resolve");
  const forms = [...of("answers"), ...resolving];
  const parts = page ? [...page.querySelectorAll("[data-part]")] : [];
  const aside = page?.querySelector("[data-test=decision]");
  const notLive = document.getElementById("not-live");
  const copies = (nodes) => [...nodes].map((node) => node.cloneNode(true));
  const saved = new Map(parts.map((part) => [part, copies(part.childNodes)]));
  const was = { ...aside?.dataset };
  let flight = null;
  let rest = 0;

  const differs = (field) => {
    if (!field.name || /^(hidden|submit|button)$/.test(field.type)) return false;
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
    return field.value !== field.defaultValue;
  };
  const unsaved = (form) => [...form.elements].some(differs);
  const told = () => {
    const sent = new URLSearchParams({ csrf: page.querySelector("[name=csrf]").value });
    forms.filter(unsaved).forEach((form) => new FormData(form).forEach((value, name) => {
      if (value === "" || name === "csrf" || name === "once") return;
      // What ends a disagreement stands in the place of an answer.
      if (!resolving.includes(form)) return sent.append(name, value);
      if (!name.startsWith("f:")) return;
      sent.set(name, value);
      sent.append("holds", name);
    }));
    return sent;
  };
  const stale = (is) => {
    parts.forEach((part) => part.toggleAttribute("data-stale", is));
    aside.setAttribute("aria-busy", String(is));
  };
  const say = (words) => {
    notLive.hidden = words === "";
    if (notLive.textContent !== words) notLive.textContent = words;
  };
  // What was unfolded stays so, and what had the focus keeps it.
  const show = (part, nodes) => {
    const named = (fold) => `${fold.closest("[data-rule]")?.dataset.rule} ${fold.querySelector("summary").textContent}`;
    const open = [...part.querySelectorAll("details[open]")].map(named);
    const held = part.contains(document.activeElement) ? document.activeElement.outerHTML : "";
    const html = part.innerHTML;
    const fresh = document.createElement("div");
    fresh.append(...nodes);
    fresh.querySelectorAll("details").forEach((fold) => { fold.open ||= open.includes(named(fold)); });
    if (fresh.innerHTML === html) return;
    part.replaceChildren(...fresh.childNodes);
    if (held) [...part.querySelectorAll("a, summary, button")].find((one) => one.outerHTML === held)?.focus({ preventScroll: true });
  };
  const leftOut = (notes) => {
    page.querySelectorAll("[data-test=left-out]").forEach((note) => note.remove());
    page.querySelectorAll("[aria-invalid]").forEach((field) => ["aria-invalid", "aria-describedby"].forEach((name) => field.removeAttribute(name)));
    notes.forEach(({ dataset, textContent }, turn) => {
      const field = forms.flatMap((form) => [...form.elements]).find((one) => one.name === dataset.leftOut && differs(one));
      if (!field) return;
      const note = document.createElement("p");
      Object.assign(note, { id: `left-out-${turn}`, className: "sm stop-text", textContent });
      note.dataset.test = "left-out";
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
      field.parentElement.append(note);
    });
  };
  const put = (text) => {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const fresh = (part) => answer.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    parts.filter(fresh).forEach((part) => show(part, fresh(part).childNodes));
    const { verdict, urgency } = answer.querySelector("[data-part=verdict]").dataset;
    Object.assign(aside.dataset, { verdict, urgency });
    leftOut(answer.querySelectorAll("[data-left-out]"));
    stale(false);
    say("");
  };
  const back = () => {
    saved.forEach((nodes, part) => show(part, copies(nodes)));
    Object.assign(aside.dataset, { verdict: was.verdict, urgency: was.urgency });
    leftOut([]);
    stale(false);
    say("");
  };
  const ask = async () => {
    const mine = (flight = new AbortController());
    const signal = AbortSignal.any([mine.signal, AbortSignal.timeout(WAIT)]);
    let words = page.dataset.lost;
    try {
      const answer = await fetch(page.dataset.preview, { method: "POST", body: told(), redirect: "manual", signal });
      const text = await answer.text();
      if (mine.signal.aborted) return;
      if (answer.ok) return put(text);
      const fault = new DOMParser().parseFromString(text, "text/html");
      words = [words, ...["fault", "fault-remedy"].map((name) => fault.querySelector(`[data-test=${name}]`)?.textContent ?? "")].join(" ");
    } catch {
      if (mine.signal.aborted) return;
    }
    say(words.trim());
    rest = setTimeout(ask, AGAIN);
  };
  const moved = (wait) => {
    clearTimeout(rest);
    flight?.abort();
    const open = forms.some(unsaved);
    page.toggleAttribute("data-unsaved", open);
    if (!open) return back();
    stale(true);
    rest = setTimeout(ask, wait);
  };
  forms.forEach((form) => {
    form.addEventListener("change", () => moved(150));
    // What is still being typed is asked once the hand rests.
    form.addEventListener("input", () => moved(500));
    form.addEventListener("submit", () => { clearTimeout(rest); flight?.abort(); });
  });
  // A browser that comes back to the page fills its fields again.
  if (page) addEventListener("pageshow", () => { if (forms.some(unsaved)) moved(0); });
}
