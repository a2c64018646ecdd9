// A check-in on a phone. Without it the form is sent as any other; with it an answer that is an
// emergency is sent the moment it is given, a form that is left tells what it had, and what was
// typed outlives a reload and a network that is gone.
(() => {
  const form = document.getElementById("check-in");
  const page = document.querySelector("[data-checkin-result]");
  const kept = `check-in ${location.pathname}`;
  if (page) sessionStorage.removeItem(kept);
  if (!form) return;
  const begun = form.dataset.begun;
  const waits = document.getElementById("check-in-waits");
  const told = document.getElementById("emergency-sent");
  const RETRY = 5000;
  const WAIT = 8000;
  let sending = false;
  let done = false;
  let timer = 0;
  let sent = "";

  const fields = () => new URLSearchParams(new FormData(form));
  const answers = () => [...fields()].filter(([name, value]) => (name.startsWith("f:") || name === "none") && value !== "");
  const alarms = () => [...form.querySelectorAll("[data-emergency]:checked")].map((box) => box.name).join();

  // The same tab, the same form: its id goes with its answers.
  const keep = () => sessionStorage.setItem(kept, JSON.stringify([form.elements.form.value, answers()]));
  const restore = () => {
    const [id, old] = JSON.parse(sessionStorage.getItem(kept) || "[null, []]");
    if (!id || answers().length > 0) return;
    form.elements.form.value = id;
    for (const [name, value] of old) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (/^(radio|checkbox)$/.test(field.type)) field.checked = field.value === value; else field.value = value;
      }
    }
  };

  const post = (where) => fetch(where, {
    method: "POST", body: fields(), redirect: "manual", keepalive: true,
    headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(WAIT),
  });

  // An emergency is told until the server says that it has it; another sign is told anew.
  const alarm = () => {
    const now = alarms();
    if (now === "" || now === sent || !waits.hidden) return;
    clearTimeout(timer);
    post(begun).then((answer) => {
      if (answer.status !== 204) throw new Error("not taken");
      sent = now;
      if (told) told.firstElementChild.textContent = told.dataset.told;
      alarm();
    }).catch(() => { timer = setTimeout(alarm, RETRY); });
  };

  // Sent once, however often the button is pressed; without a network, as soon as there is one.
  const send = () => {
    clearTimeout(timer);
    if (sending || done) return;
    sending = true;
    post(form.action).then((answer) => {
      sending = false;
      done = true;
      if (answer.status === 204) {
        sessionStorage.removeItem(kept);
        location.assign(`${location.pathname}?told=${form.elements.form.value}`);
      } else {
        // The server has a page about it.
        HTMLFormElement.prototype.submit.call(form);
      }
    }, () => {
      sending = false;
      waits.hidden = false;
      timer = setTimeout(send, RETRY);
    });
  };

  restore();
  // What is ticked and "none of these" take each other away.
  const other = (target) => {
    if (!target.checked) return;
    if (target.matches("[data-none]")) form.querySelectorAll("[data-rest]").forEach((box) => { box.checked = false; });
    if (target.matches("[data-rest]")) form.querySelectorAll("[data-none]").forEach((box) => { box.checked = false; });
  };
  form.addEventListener("change", (event) => { other(event.target); keep(); alarm(); });
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  addEventListener("online", () => { if (!waits.hidden) send(); else alarm(); });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || sending || done || answers().length === 0) return;
    navigator.sendBeacon(begun, fields());
  });
  alarm();
})();
