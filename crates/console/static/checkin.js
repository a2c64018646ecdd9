// A check-in on a phone. Without it the form is sent as any other; with it an answer that is an
// emergency is sent the moment it is given, a form that is left tells what it had, what was
// typed outlives the page, and what was sent off without a network is sent when there is one.
(() => {
  const path = location.pathname;
  const LAST = "annulus-check-in";
  // What was typed and not sent is given back for so long; later it may be about another day, and
  // whoever typed it is asked (ours).
  const YOUNG = 2 * 3_600_000;
  const RETRY = 5000;
  const STORED = 1000;
  const form = document.getElementById("check-in");
  const gone = document.querySelector("[data-gone]");
  const worker = "serviceWorker" in navigator ? navigator.serviceWorker : null;
  const ignore = () => {};
  // A browser that keeps nothing still sends.
  const last = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(LAST);
      if (value === null) localStorage.removeItem(LAST); else localStorage.setItem(LAST, value);
    } catch { /* nothing is kept */ }
    return null;
  };
  const mine = async () => (await kept.all()).filter((entry) => entry.path === path);
  const say = (message) => {
    if (worker) worker.ready.then(({ active }) => active.postMessage(message)).catch(ignore);
  };

  // Opened from the home screen: on to the link that was used last.
  if (path === "/c/" && document.querySelector("[data-check-ins]") && last()) location.replace(last());
  // What can be sent no more is not forgotten: the page says so, beside the number to call.
  if (gone) {
    if (last() === path) last(null);
    mine().then((entries) => { gone.hidden = !entries.some(({ off, alarm }) => off || alarm); }).catch(ignore);
    document.getElementById("gone-done").addEventListener("click", async () => {
      for (const { form: told } of await mine().catch(() => [])) await kept.drop(told).catch(ignore);
      gone.hidden = true;
    });
  }
  // The clinic has it. The copy of the form knows nothing of it yet: it is made anew. What still
  // waits goes out from the form: to the clinic it is something new.
  if (document.querySelector("[data-checkin-result]")) {
    const sent = new URLSearchParams(location.search).get("told");
    say({ keep: path });
    (sent ? kept.drop(sent) : Promise.resolve()).catch(ignore).then(mine).then((entries) => {
      if (entries.some(({ off, alarm }) => off || alarm)) location.replace(`${path}?again=yes`);
    }).catch(ignore);
  }
  if (!form) return;

  last(path);
  const begun = form.dataset.begun;
  const waits = document.getElementById("check-in-waits");
  const told = document.getElementById("emergency-sent");
  const untold = told ? told.firstElementChild.textContent : "";
  const rest = document.getElementById("emergency-send");
  const whole = rest ? rest.textContent : "";
  const page = document.body.dataset;
  let entry = null;
  let sending = false;
  let done = false;
  let timer = 0;
  let alarmed = 0;
  let sent = "";

  // A copy that the phone kept says by itself how far the clocks are apart, and is a form of its own.
  if (page.kept === undefined) {
    page.skew = String(Date.parse(form.elements.made.value) - Date.now());
  } else {
    form.elements.form.value = crypto.randomUUID();
  }

  const fields = () => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const answers = () => fields().filter(([name, value]) => (name.startsWith("f:") || name === "none") && value !== "");
  const alarms = () => {
    const boxes = [...form.querySelectorAll("[data-emergency]:checked")].map((box) => box.name);
    return page.emergency === undefined ? boxes.join() : [...boxes, "together"].join();
  };

  // The browser sends it once there is a network, also when no page is open; where it cannot,
  // this page does while it is open.
  const later = () => {
    if (worker) worker.ready.then((ready) => ready.sync && ready.sync.register("check-in")).catch(ignore);
  };
  const note = (off) => {
    const alarm = alarms() !== sent && alarms() !== "";
    entry = { form: form.elements.form.value, path, fields: fields(), at: Date.now(), off, alarm };
    if (off || alarm) later();
    // A store that does not answer holds nothing up.
    return Promise.race([kept.put(entry).catch(ignore), new Promise((go) => { setTimeout(go, STORED); })]);
  };
  const fill = (old) => {
    for (const [name, value] of old.fields) {
      if (name === "csrf" || name === "made") continue;
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (/^(radio|checkbox)$/.test(field.type)) field.checked = field.value === value; else field.value = value;
      }
    }
  };
  // A draft of some hours ago: whether it is still so, only its writer knows.
  const former = (old) => {
    const box = document.getElementById("check-in-former");
    box.querySelector("time").textContent = new Date(old.at)
      .toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    box.hidden = false;
    box.addEventListener("click", async ({ target }) => {
      const choice = target.dataset.former;
      if (!choice) return;
      box.hidden = true;
      if (choice === "use") {
        fill(old);
        form.dispatchEvent(new Event("annulus:restored"));
      }
      await kept.drop(old.form).catch(ignore);
      if (choice !== "use") return;
      await note(false);
      alarm();
    });
  };
  // What was sent off or not told goes before what stands in the form; a draft fills an empty one.
  const restore = async () => {
    const old = (await mine().catch(() => [])).sort((a, b) => (a.off - b.off) || (a.alarm - b.alarm) || (a.at - b.at)).pop();
    const due = old && (old.off || old.alarm);
    if (old && !due && Date.now() - old.at > YOUNG) former(old);
    else if (old && (due || answers().length === 0)) {
      form.reset();
      fill(old);
      entry = old;
    }
    form.dispatchEvent(new Event("annulus:restored"));
    if (!entry && answers().length > 0) await note(false);
    if (entry && entry.off) send();
    alarm();
  };

  // An emergency is told until the server says that it has it; another sign is told anew.
  const alarm = async () => {
    const now = alarms();
    const known = now !== "" && now === sent;
    if (told) told.firstElementChild.textContent = known ? told.dataset.told : untold;
    if (rest) rest.textContent = known ? rest.dataset.rest : whole;
    if (now === "" || now === sent || !entry || done) return;
    clearTimeout(alarmed);
    const tried = entry;
    const answer = await kept.send(tried, begun).catch(() => null);
    if (answer && answer.status === 204) {
      sent = now;
      kept.told(tried).catch(ignore);
      alarm();
    } else {
      alarmed = setTimeout(alarm, RETRY);
    }
  };

  const over = (id) => {
    done = true;
    say({ sent: path });
    location.assign(`${path}?told=${id}`);
  };

  // Sent once, however often the button is pressed; what was changed meanwhile is sent after it.
  const send = async () => {
    clearTimeout(timer);
    if (sending || done || !entry) return;
    sending = true;
    const tried = entry;
    const answer = await kept.send(tried, form.action).catch(() => null);
    sending = false;
    if (done) return;
    if (answer && answer.status === 204) {
      await kept.arrived(tried).catch(ignore);
      if (entry === tried) over(tried.form); else send();
    } else if (answer && kept.refuses(answer)) {
      // The server has a page about it; what it takes no more is still there for that page.
      done = true;
      entry = { ...entry, off: answer.status === 410 };
      await kept.put(entry).catch(ignore);
      HTMLFormElement.prototype.submit.call(form);
    } else {
      waits.hidden = false;
      document.dispatchEvent(new Event("annulus:unsent"));
      timer = setTimeout(send, RETRY);
    }
  };

  // What is ticked and "none of these" take each other away.
  const other = (target) => {
    if (!target.checked) return;
    if (target.matches("[data-none]")) form.querySelectorAll("[data-rest]").forEach((box) => { box.checked = false; });
    if (target.matches("[data-rest]")) form.querySelectorAll("[data-none]").forEach((box) => { box.checked = false; });
  };
  const off = () => Boolean(entry && entry.off);
  form.addEventListener("change", (event) => { other(event.target); note(off()); alarm(); });
  form.addEventListener("input", () => { note(off()); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!off()) await note(true);
    send();
  });
  addEventListener("online", () => { alarm(); if (off()) send(); });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || sending || done || !entry || off() || answers().length === 0) return;
    const waited = String(Math.max(0, Math.round((Date.now() - entry.at) / 1000)));
    navigator.sendBeacon(begun, new URLSearchParams([...entry.fields, ["waited", waited]]));
  });
  restore();

  // The phone keeps the form, so that it opens without a network too.
  if (!worker) return;
  const keep = () => { if (page.kept === undefined) say({ keep: path }); };
  worker.addEventListener("message", ({ data }) => {
    if (!done && entry && data.sent === entry.form && data.at === entry.at) over(entry.form);
  });
  worker.addEventListener("controllerchange", keep);
  // Not before the page is seen.
  const begin = () => worker.register("/check-in-worker.js", { scope: "/c/" }).then(keep, ignore);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
