// Keys and small helps that need no build. Everything works without them.
"use strict";
// What can wait begins when the page is seen, and at the latest after
// 0.3 s (ours): a page that is out of sight is never painted.
const painted = new Promise((now) => {
  new PerformanceObserver(now).observe({ type: "paint", buffered: true });
  setTimeout(now, 300);
});
// While a table pulls, SPACE is pause and nothing else, wherever the focus is: a button that was
// clicked before is not pressed again by it. ENTER presses, and ticks.
const pulls = () => document.body.matches(".live:is([data-state=running], [data-state=take-up], [data-state=paused])");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && event.target.type === "checkbox" && pulls()) {
    event.preventDefault();
    event.target.click();
    return;
  }
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "") &&
    !/^(radio|checkbox|button|submit)$/.test(event.target.type || "");
  const key = event.key === " " ? "Space" : event.key;
  // Escape reaches STOP from everywhere, also while somebody types.
  if (typing && key !== "Escape") return;
  // Letters and signs can be turned off, and some are the same on every page (keys.js).
  if (key.length === 1 && !letterCounts(key)) return;
  if (key in KEY_ACTS) {
    event.preventDefault();
    KEY_ACTS[key]();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  if (key === "Space" && !pulls() && /^(BUTTON|A|SUMMARY|INPUT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  if (target.form && target.dataset.send !== undefined) send(target); else target.click();
});
// Some browsers press a button when the key comes up again.
document.addEventListener("keyup", (event) => {
  if (event.key === " " && pulls() && /^(BUTTON|SUMMARY)$/.test(event.target.tagName || "")) event.preventDefault();
});
// Commands of a live session go without leaving the page: a page that controls the table
// must live on, or the table unloads. Only a 204 says that one arrived: a redirect may lead
// to the login page. What the server refuses is said with its reason; what did not arrive is
// said at once, in big words. The real form of STOP goes after it, whatever came back; without
// any answer three more tries go first, so that the words are not replaced by the browser's
// own page about a server that is gone.
async function send(button) {
  const form = button.form;
  const stop = button.id === "stop";
  if (!stop && !form.reportValidity()) return false;
  let answer = null;
  for (let left = 3; left >= 0 && !answer; left -= 1) {
    // What stands in the form now: a mark may have moved on since the last try.
    const body = new URLSearchParams(new FormData(form));
    if (button.name) body.append(button.name, button.value);
    answer = await fetch(form.action, {
      method: "POST", body, redirect: "manual", keepalive: true,
      headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(3000),
    }).catch(() => null);
    if (answer && answer.status === 204) {
      arrived(button.dataset.lost);
      const refusal = document.getElementById("refused");
      if (refusal) refusal.hidden = true;
      if (form.dataset.reload !== undefined) location.reload();
      return true;
    }
    if (answer) {
      if (stop || answer.status < 400 || answer.status === 401) lost(button.dataset.lost);
      else refused(await answer.text());
    } else {
      lost(button.dataset.lost);
    }
    if (!answer && left > 0) await new Promise((go) => { setTimeout(go, 1000); });
  }
  if (stop) HTMLFormElement.prototype.submit.call(form);
  return answer ? false : null;
}
// The words of a command that did not arrive stand where every page of a session has a place for them.
function lost(words) {
  const place = document.getElementById("lost");
  if (!place || (!place.hidden && place.textContent === words)) return;
  place.hidden = false;
  place.textContent = words;
}
// The reasons of a refusal, from the page that the server would have shown.
function refused(text) {
  const place = document.getElementById("refused");
  const page = new DOMParser().parseFromString(text, "text/html");
  const head = page.querySelector("[data-test=fault]");
  if (!place || !head) return;
  const remedy = page.querySelector("[data-test=fault-remedy]") || head.parentElement.querySelector("p");
  place.hidden = false;
  place.textContent = [head.textContent, remedy ? remedy.textContent : ""].join(" ");
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
document.addEventListener("click", (event) => {
  if (event.target.closest && event.target.closest("[data-print]")) print();
});
// Going back leads to the page as it was, its id with it: what is sent from it again, unchanged,
// is known by the server as the same act.
{
  const ids = [...document.getElementsByName("once")];
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const was = history.state?.once;
  if (back && was) ids.forEach((field) => { field.value = was; });
  else if (ids.length > 0) history.replaceState({ ...history.state, once: ids[0].value }, "");
}
