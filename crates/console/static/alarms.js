// Alarms are heard as at the table: its own bursts, from files of this server that are read
// while it still answers. A browser keeps silent until somebody touched the page; until then
// the page says so, and arming asks that the sound was tried.
const sound = (() => {
  const place = document.querySelector("[data-bursts]");
  if (!place) return null;
  const bursts = new Map();
  const repeat = JSON.parse(place.dataset.repeat);
  let context = null;
  let ready = null;
  const read = async (priority) => {
    const answer = await fetch(place.dataset.bursts.replace("*", priority));
    bursts.set(priority, await context.decodeAudioData(await answer.arrayBuffer()));
  };
  const show = () => { document.body.dataset.sound = context?.state === "running" ? "on" : "off"; };
  const begin = () => {
    if (context) return;
    context = new AudioContext();
    context.addEventListener("statechange", show);
    ready = Promise.all(Object.keys(repeat).map(read)).catch(() => {});
    show();
  };
  const wake = () => { begin(); return context.resume().then(show, show); };
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake);
  show();
  painted.then(begin);
  const play = (priority) => {
    const buffer = bursts.get(priority);
    if (!buffer || context?.state !== "running") { show(); return false; }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
    document.body.dataset.bursts = `${document.body.dataset.bursts || ""} ${priority}`.slice(-60).trim();
    return true;
  };
  let now = "";
  let due = 0;
  return {
    /** What is to be heard: at once when it becomes more urgent or new, then again and again. */
    hear(priority, isNew) {
      const rank = (of) => ["", "low", "medium", "high"].indexOf(of);
      if (rank(priority) > rank(now) || (isNew && priority)) due = 0;
      now = priority;
      if (!now || Date.now() < due) return;
      due = Date.now() + (play(now) ? repeat[now] : 1000);
    },
    /** Once: the patient is to be asked. */
    ask() { play("low"); },
    async test() { await wake(); await ready; return play("medium"); },
    wake,
  };
})();
// Before arming: the sound is tried, and somebody says that it was heard.
const trial = document.getElementById("sound-try");
if (trial && sound) {
  const heard = document.getElementById("heard");
  trial.addEventListener("click", async () => { if (await sound.test()) heard.disabled = false; });
  trial.form.addEventListener("submit", (event) => {
    if (heard.checked) return;
    event.preventDefault();
    trial.focus();
  });
}
// The list, and what is heard of it.
const list = document.getElementById("alarm-list");
if (list) {
  const title = document.title;
  let known = new Set();
  let asking = "";
  document.addEventListener("annulus:status", ({ detail: { alarms, words } }) => {
    if (sound && words.ask && !asking) sound.ask();
    asking = words.ask;
    const open = alarms.lines.filter((line) => !line.acknowledged).map((line) => line.name);
    const isNew = open.some((name) => !known.has(name));
    known = new Set(open);
    const section = list.parentElement;
    section.hidden = alarms.lines.length === 0;
    section.dataset.silent = String(alarms.silent);
    const rows = alarms.lines.map((line) => {
      const row = document.createElement("li");
      row.className = "alarm";
      [row.dataset.priority, row.dataset.seen, row.dataset.alarm] = [line.priority, String(line.acknowledged), line.name];
      for (const [tag, words] of [["b", line.urgency], ["span", line.words], ["span", line.age], ["span", line.seen]]) {
        const part = document.createElement(tag);
        part.textContent = words;
        row.append(part);
      }
      return row;
    });
    // Only what changed is put anew, so that a flash keeps its rhythm and nothing is said twice.
    rows.forEach((row, index) => {
      const old = list.children[index];
      if (!old) return list.append(row);
      for (const name of ["priority", "seen", "alarm"]) if (old.dataset[name] !== row.dataset[name]) old.dataset[name] = row.dataset[name];
      [...row.children].forEach((part, at) => {
        if (old.children[at].textContent !== part.textContent) old.children[at].textContent = part.textContent;
      });
    });
    while (list.children.length > rows.length) list.lastElementChild.remove();
    const silence = document.getElementById("silence");
    if (silence.textContent !== alarms.silence) silence.textContent = alarms.silence;
    document.title = open.length ? `(${open.length}) ${title}` : title;
    if (sound) sound.hear(alarms.heard, isNew && alarms.heard !== "");
  });
}
