// What needs somebody now is seen on every page of the staff, also on one that has stood open for
// hours: a strip says how many people, how urgent, since when. Today renews itself instead. A list
// that cannot be had is said too: silence would look like nobody being in trouble.
(() => {
  const strip = document.getElementById("inbox-strip");
  if (!strip) return;
  // Four times a minute, and lost when two in a row did not come within 8 s each (ours).
  const EVERY = 15_000;
  const MISSED = 2;
  const words = strip.querySelector("[data-words]");
  const { title } = document;
  const today = strip.dataset.renews !== undefined;
  // A page with alarms of its own counts those.
  const counts = !document.getElementById("alarm-list");
  let missed = 0;
  let timer = 0;

  const more = strip.querySelector("[data-more]");
  const say = (text, level, rest = "") => {
    // Said anew only when it changed.
    if (words.textContent !== text) words.textContent = text;
    if (more.textContent !== rest) more.textContent = rest;
    strip.dataset.level = level;
    strip.hidden = text === "";
  };
  const count = (people) => { if (counts) document.title = people > 0 ? `(${people}) ${title}` : title; };

  if (!today) count(Number(strip.dataset.count));

  const typed = (node) => node.contains(document.activeElement) ||
    [...node.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  // A line in which somebody types stays as it is; all others are as they are now.
  const renewed = (old, fresh) => {
    if (!typed(old)) return old.replaceWith(fresh);
    const lines = new Map([...old.querySelectorAll("[data-line]")].filter(typed).map((line) => [line.dataset.line, line]));
    const now = new Set([...fresh.querySelectorAll("[data-line]")].map((line) => line.dataset.line));
    for (const line of fresh.querySelectorAll("[data-line]")) {
      const kept = lines.get(line.dataset.line);
      const had = old.querySelector(`[data-line="${CSS.escape(line.dataset.line)}"]`);
      if (had && !kept) had.replaceWith(line);
      else if (!had) old.querySelector("[data-lines]")?.append(line);
    }
    for (const line of old.querySelectorAll("[data-line]")) if (!now.has(line.dataset.line) && !typed(line)) line.remove();
    return old;
  };
  const renew = (page) => {
    for (const fresh of page.querySelectorAll("[data-renew]")) {
      const old = document.querySelector(`[data-renew="${fresh.dataset.renew}"]`);
      if (old && old.innerHTML !== fresh.innerHTML) renewed(old, document.importNode(fresh, true));
    }
    say("", "none");
    count(Number(page.querySelector("[data-people]")?.dataset.people ?? 0));
  };

  const look = async () => {
    clearTimeout(timer);
    try {
      const where = today ? `/renewed${location.search}` : "/inbox";
      const answer = await fetch(where, { redirect: "manual", signal: AbortSignal.timeout(8000) });
      if (answer.type === "opaqueredirect" || answer.status === 401) return say(strip.dataset.out, "stop");
      if (!answer.ok) throw new Error(String(answer.status));
      if (today) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else {
        const told = await answer.json();
        say(told.words, told.level, told.more);
        count(told.people);
      }
      missed = 0;
    } catch {
      missed += 1;
      if (missed >= MISSED) say(strip.dataset.lost, "stop");
    }
    timer = setTimeout(look, EVERY);
    return undefined;
  };
  // A page that was put aside is not asked as often as one that is looked at.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) look(); });
  addEventListener("online", look);
  if (today) timer = setTimeout(look, EVERY); else painted.then(look);
})();
