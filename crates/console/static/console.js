// Keys and small helps that need no build. Everything works without them.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "") &&
    !/^(radio|checkbox|button|submit)$/.test(event.target.type || "");
  const key = event.key === " " ? "Space" : event.key;
  // Escape reaches STOP from everywhere, also while somebody types.
  if (typing && key !== "Escape") return;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  if (key === "Space" && /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
  event.preventDefault();
  if (target.form && target.dataset.send !== undefined) send(target); else target.click();
});
// Commands of a live session go without leaving the page. Only a 204 says that one arrived:
// a redirect may lead to the login page. Whatever else comes is said at once, in big words,
// and the real form goes after it; without any answer three more tries go first, so that
// the words are not replaced by the browser's own page about a server that is gone.
function send(button) {
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  const again = () => {
    if (!button.name) return HTMLFormElement.prototype.submit.call(form);
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    [chosen.name, chosen.value] = [button.name, button.value];
    form.append(chosen);
    HTMLFormElement.prototype.submit.call(form);
  };
  const attempt = (left) => fetch(form.action, {
    method: "POST", body, redirect: "manual", keepalive: true,
    headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(3000),
  }).then((answer) => {
    if (answer.status === 204) return arrived(button.dataset.lost);
    lost(button.dataset.lost);
    again();
  }, () => {
    lost(button.dataset.lost);
    if (left > 0) setTimeout(attempt, 1000, left - 1); else again();
  });
  attempt(3);
}
// The words of a command that did not arrive stand where every page of a session has a place for them.
function lost(words) {
  const place = document.getElementById("lost");
  if (!place) return;
  place.hidden = false;
  place.textContent = words;
}
// Only the command that was lost takes its own words away: no pause hides a lost STOP.
function arrived(words) {
  const place = document.getElementById("lost");
  if (place && place.textContent === words) place.hidden = true;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("button[data-send]");
  if (!button || event.defaultPrevented || !button.form) return;
  event.preventDefault();
  send(button);
});
// The emergency page is shown by the style sheet alone; here it is also announced.
document.addEventListener("change", (event) => {
  if (!event.target.matches || !event.target.matches("[data-emergency]")) return;
  const page = document.getElementById("emergency-now");
  if (page) { page.focus(); page.scrollTop = 0; }
});
document.addEventListener("click", (event) => {
  const back = event.target.closest && event.target.closest("[data-emergency-back]");
  if (!back) return;
  document.querySelectorAll("[data-emergency]:checked").forEach((box) => { box.checked = false; });
  const form = document.querySelector("form");
  if (form) form.scrollIntoView();
});
// The status of a running session: words are put where the page names them, numbers go to the drawing.
const live = document.querySelector("[data-live-stream]");
if (live) {
  const source = new EventSource(live.dataset.liveStream);
  let heard = Date.now();
  source.addEventListener("status", (event) => {
    heard = Date.now();
    const update = JSON.parse(event.data);
    for (const [name, words] of Object.entries(update.words || {})) {
      document.querySelectorAll(`[data-live="${CSS.escape(name)}"]`).forEach((node) => {
        if (node.textContent !== words) node.textContent = words;
      });
    }
    document.querySelectorAll("[data-live-level]").forEach((node) => { node.dataset.level = update.level; });
    document.body.dataset.state = update.state;
    const place = update.spine && document.getElementById("live-spine");
    if (place) place.replaceChildren(...new DOMParser().parseFromString(update.spine, "text/html").body.childNodes);
    document.dispatchEvent(new CustomEvent("annulus:status", { detail: update }));
    if (update.reload) location.reload();
  });
  setInterval(() => {
    if (Date.now() - heard < 3000) return;
    document.querySelectorAll("[data-live='link']").forEach((node) => { node.textContent = live.dataset.linkLost; });
    document.querySelectorAll("[data-live-level]").forEach((node) => { node.dataset.level = "stop"; });
  }, 1000);
}
// The sliders of a plan. The middle is asked for while the hand moves, one question at a time
// and the newest next; how sure we are once it rests. A question that a newer one made stale
// is aborted, and its answer never shown.
const look = document.getElementById("look");
const sliders = document.getElementById("look-form");
if (look && sliders) {
  const words = look.querySelector("[data-part=words]");
  let flight = null;
  let stage = "";
  let due = false;
  let rest = 0;
  const said = (text) => {
    const line = document.createElement("p");
    line.className = "unk-box";
    line.textContent = text;
    words.replaceChildren(line);
  };
  const put = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("[data-part]").forEach((part) => {
      const place = look.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (!place) return;
      place.replaceChildren(...part.childNodes);
      delete place.dataset.stale;
    });
  };
  const refused = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const of = (name) => page.querySelector(`[data-test="${name}"]`)?.textContent ?? "";
    const place = of("fault-place");
    if (!place) return location.reload();
    said(`${look.dataset.none} ${place}: ${of("fault")} ${of("fault-remedy")}`);
  };
  const ask = async (part) => {
    flight?.abort();
    const mine = (flight = new AbortController());
    stage = part;
    const query = new URLSearchParams(new FormData(sliders));
    query.set("part", part);
    try {
      const answer = await fetch(`${look.dataset.preview}?${query}`, { signal: mine.signal });
      const text = await answer.text();
      if (mine.signal.aborted) return;
      if (answer.ok && !answer.redirected) put(text); else refused(text);
      if (answer.ok && part === "middle" && !due) rest = setTimeout(ask, 150, "bands");
    } catch (fault) {
      if (mine.signal.aborted) return;
      said(look.dataset.lost);
    }
    flight = null;
    if (due) { due = false; ask("middle"); }
  };
  const moved = () => {
    clearTimeout(rest);
    look.querySelector("[data-part=levels]").dataset.stale = "";
    if (flight && stage === "middle") due = true; else ask("middle");
  };
  look.addEventListener("input", (event) => {
    const slider = event.target;
    if (slider.type === "range") {
      const step = Number(slider.dataset.step) || 1;
      const places = step < 1 ? 2 : 0;
      const low = Number(slider.min);
      const high = Number(slider.max);
      const value = Math.min(high, Math.max(low, Math.round(Number(slider.value) / step) * step));
      slider.value = String(Number(value.toFixed(places)));
      const shown = look.querySelector(`[data-value="${CSS.escape(slider.id)}"]`);
      if (shown) shown.textContent = slider.value;
    }
    moved();
  });
}
