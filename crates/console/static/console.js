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
// Commands of a live session go without leaving the page; a failure falls back to the form.
function send(button) {
  const body = new URLSearchParams(new FormData(button.form));
  if (button.name) body.append(button.name, button.value);
  const again = () => button.form.submit();
  fetch(button.form.action, { method: "POST", body, redirect: "manual", keepalive: true })
    .then((answer) => { if (answer.type !== "opaqueredirect" && !answer.ok) location.reload(); }, again);
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
    document.dispatchEvent(new CustomEvent("annulus:status", { detail: update }));
    if (update.reload) location.reload();
  });
  setInterval(() => {
    if (Date.now() - heard < 3000) return;
    document.querySelectorAll("[data-live='link']").forEach((node) => { node.textContent = live.dataset.linkLost; });
    document.querySelectorAll("[data-live-level]").forEach((node) => { node.dataset.level = "stop"; });
  }, 1000);
}
