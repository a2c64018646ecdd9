// A check-in on a phone. Without it the form is sent as any other; with it an answer that is an
// emergency is sent the moment it is given, a form that is left tells what it had, what was
// typed outlives the page, and what was sent off without a network is sent when there is one.
(() => {
  const path = location.pathname;
  const LAST = "annulus-check-in";
  const form = document.getElementById("check-in");
  const worker = "serviceWorker" in navigator ? navigator.serviceWorker : null;
  const ignore = () => {};
  // Opened from the home screen: on to the link that was used last.
  if (document.querySelector("[data-check-ins]")) {
    const last = localStorage.getItem(LAST);
    if (last) location.replace(last);
  }
  // What can be sent no more is not forgotten: the page says so, beside the number to call.
  const gone = document.querySelector("[data-gone]");
  if (gone) {
    if (localStorage.getItem(LAST) === path) localStorage.removeItem(LAST);
    kept.of(path).then((entry) => {
      gone.hidden = !(entry && entry.off);
      if (entry && !entry.off) kept.drop(path);
    }).catch(ignore);
  }
  if (!form) return;
  localStorage.setItem(LAST, path);
  const begun = form.dataset.begun;
  const waits = document.getElementById("check-in-waits");
  const told = document.getElementById("emergency-sent");
  const RETRY = 5000;
  const page = document.body.dataset;
  let entry = null;
  let sending = false;
  let done = false;
  let timer = 0;
  let sent = "";

  // A copy that the phone kept says by itself how far the clocks are apart, and is a form of its own.
  if (page.kept === undefined) {
    const sheet = document.getElementById("check-in-sheet");
    if (sheet) page.skew = String(Date.parse(JSON.parse(sheet.textContent).at) - Date.now());
  } else {
    form.elements.form.value = crypto.randomUUID();
  }

  const fields = () => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const answers = () => fields().filter(([name, value]) => (name.startsWith("f:") || name === "none") && value !== "");
  const alarms = () => {
    const boxes = [...form.querySelectorAll("[data-emergency]:checked")].map((box) => box.name);
    return page.emergency === undefined ? boxes.join() : [...boxes, "together"].join();
  };

  const note = () => {
    entry = { path, fields: fields(), at: Date.now(), off: Boolean(entry && entry.off), alarm: alarms() !== sent && alarms() !== "" };
    return kept.put(entry).catch(ignore);
  };
  const forget = () => { entry = null; return kept.drop(path).catch(ignore); };
  const restore = async () => {
    const old = await kept.of(path).catch(ignore);
    if (!old || answers().length > 0) return;
    for (const [name, value] of old.fields) {
      if (name === "csrf") continue;
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (/^(radio|checkbox)$/.test(field.type)) field.checked = field.value === value; else field.value = value;
      }
    }
    entry = { ...old, fields: fields() };
    form.dispatchEvent(new Event("annulus:restored"));
    if (entry.off) send();
  };

  // The browser sends it once there is a network, also when no page is open; where it cannot,
  // this page does.
  const later = () => {
    if (worker) worker.ready.then((ready) => ready.sync && ready.sync.register("check-in")).catch(ignore);
  };

  // An emergency is told until the server says that it has it; another sign is told anew.
  const alarm = () => {
    const now = alarms();
    if (now === "" || now === sent || !waits.hidden || !entry) return;
    clearTimeout(timer);
    kept.send(entry, begun).then((answer) => {
      if (answer.status !== 204) throw new Error("not taken");
      sent = now;
      if (told) told.firstElementChild.textContent = told.dataset.told;
      alarm();
    }).catch(() => { later(); timer = setTimeout(alarm, RETRY); });
  };

  const over = () => {
    done = true;
    const id = form.elements.form.value;
    forget().then(() => location.assign(`${path}?told=${id}`));
  };

  // Sent once, however often the button is pressed.
  const send = async () => {
    clearTimeout(timer);
    if (sending || done || !entry) return;
    sending = true;
    const answer = await kept.send(entry, form.action).catch(() => null);
    sending = false;
    if (done) return;
    if (answer && answer.status === 204) over();
    else if (answer) {
      // The server has a page about it; what it takes no more is still there for that page.
      done = true;
      entry.off = answer.status === 410;
      await kept.put(entry).catch(ignore);
      HTMLFormElement.prototype.submit.call(form);
    } else {
      const first = waits.hidden;
      waits.hidden = false;
      if (first) document.dispatchEvent(new Event("annulus:unsent"));
      later();
      timer = setTimeout(send, RETRY);
    }
  };

  // What is ticked and "none of these" take each other away.
  const other = (target) => {
    if (!target.checked) return;
    if (target.matches("[data-none]")) form.querySelectorAll("[data-rest]").forEach((box) => { box.checked = false; });
    if (target.matches("[data-rest]")) form.querySelectorAll("[data-none]").forEach((box) => { box.checked = false; });
  };
  form.addEventListener("change", (event) => { other(event.target); note(); alarm(); });
  form.addEventListener("input", note);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!entry || !entry.off) { entry = { ...(entry || {}), off: true }; await note(); }
    send();
  });
  addEventListener("online", () => { if (waits.hidden) alarm(); else send(); });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || sending || done || answers().length === 0) return;
    navigator.sendBeacon(begun, new URLSearchParams(fields()));
  });
  restore();

  // The phone keeps the form, so that it opens without a network too.
  if (!worker) return;
  worker.addEventListener("message", ({ data }) => { if (data.sent === path && !done) over(); });
  worker.register("/check-in-worker.js", { scope: "/c/" }).catch(ignore);
  worker.ready.then(({ active }) => {
    const files = [...document.querySelectorAll("link[href*='/assets/'], script[src]")].map((one) => one.href || one.src);
    if (page.kept === undefined) active.postMessage({ keep: path, files });
  }).catch(ignore);
})();
