// The status of a running session: words are put where the page names them, numbers go to
// the drawing. And who this tab is: an id that it keeps while it lives, said with everything
// it sends, so that the server knows which page controls the table.
const live = document.querySelector("[data-live-stream]");
const tab = (() => {
  const key = "annulus-page";
  const load = crypto.getRandomValues(new Uint32Array(1))[0];
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let id = sessionStorage.getItem(key);
  if (!id) sessionStorage.setItem(key, (id = fresh()));
  // A copied tab brings the id of its original along: the original keeps it.
  const others = new BroadcastChannel(key);
  others.addEventListener("message", ({ data }) => {
    if (data.load === load || data.id !== id) return;
    if (data.asks) return others.postMessage({ id, load });
    sessionStorage.setItem(key, fresh());
    location.reload();
  });
  others.postMessage({ id, load, asks: true });
  return id;
})();
document.querySelectorAll("form[data-page]").forEach((form) => {
  const field = document.createElement("input");
  [field.type, field.name, field.value] = ["hidden", "page", tab];
  form.append(field);
});
if (live) {
  const csrf = document.querySelector("input[name=csrf]").value;
  // The server was heard: a status came, or a sign of life was answered.
  let heard = Date.now();
  let beats = 0;
  let open = 0;
  const told = (event) => {
    heard = Date.now();
    const update = JSON.parse(event.data);
    for (const [name, words] of Object.entries(update.words || {})) {
      document.querySelectorAll(`[data-live="${CSS.escape(name)}"]`).forEach((node) => {
        if (node.textContent !== words) node.textContent = words;
      });
    }
    document.querySelectorAll("[data-live-level]").forEach((node) => { node.dataset.level = update.level; });
    const page = document.body.dataset;
    page.state = update.state;
    page.control = update.control.state;
    page.prepared = update.control.prepared;
    page.asking = String(update.control.ask !== "");
    page.resume = String(update.may_resume);
    page.above = String(update.control.above !== "");
    document.querySelectorAll("[data-live=above]").forEach((node) => { if (node.textContent !== update.control.above) node.textContent = update.control.above; });
    document.querySelectorAll("[data-above]").forEach((box) => {
      box.required = update.control.above !== "";
      if (!update.control.prepared) box.checked = false;
    });
    document.querySelectorAll("[data-ask]").forEach((field) => { field.value = update.control.ask; });
    const place = update.spine && document.getElementById("live-spine");
    if (place) place.replaceChildren(...new DOMParser().parseFromString(update.spine, "text/html").body.childNodes);
    document.dispatchEvent(new CustomEvent("annulus:status", { detail: update }));
    if (update.reload) location.reload();
  };
  // Signs of life go out at once; what moves on the page waits until the page is seen.
  painted.then(() => new EventSource(`${live.dataset.liveStream}?page=${tab}`).addEventListener("status", told));
  // A change is drawn before anybody begins it.
  const change = document.getElementById("change");
  if (change) {
    const place = document.getElementById("change-drawing");
    let newest = 0;
    const show = async () => {
      const mine = (newest += 1);
      const query = new URLSearchParams(new FormData(change.querySelector("form")));
      query.delete("csrf");
      const answer = await fetch(`${change.dataset.preview}?${query}`).catch(() => null);
      const text = answer ? await answer.text() : "";
      if (mine !== newest) return;
      const of = new DOMParser().parseFromString(text, "text/html");
      const drawn = answer && answer.ok && of.getElementById("changed-course");
      const fault = ["fault", "fault-remedy"].map((name) => of.querySelector(`[data-test=${name}]`)?.textContent ?? "");
      if (drawn) place.replaceChildren(...drawn.childNodes); else place.textContent = fault.join(" ");
    };
    change.addEventListener("toggle", () => { if (change.open) show(); });
    change.addEventListener("input", (event) => { if (!event.target.matches("[data-above]")) show(); });
  }
  // A page in control says four times a second that it lives, another once. The clock is a
  // worker's: a browser slows the timers of a page that is out of sight, not its messages.
  const beat = () => {
    beats += 1;
    const mine = document.body.dataset.control === "mine";
    if (open > 3 || (!mine && beats % 4 !== 1)) return;
    open += 1;
    fetch(live.dataset.heartbeat, {
      method: "POST", body: new URLSearchParams({ csrf, page: tab }), redirect: "manual",
      headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(2000),
    }).then((answer) => { if (answer.status === 204) heard = Date.now(); }, () => {})
      .finally(() => { open -= 1; });
  };
  // A page that lost its server shows what is old: it says so in the largest words, and aloud.
  const alone = () => {
    if (Date.now() - heard < 2000) return arrived(live.dataset.serverLost);
    document.querySelectorAll("[data-live='link']").forEach((node) => { node.textContent = live.dataset.linkLost; });
    document.querySelectorAll("[data-live-level]").forEach((node) => { node.dataset.level = "stop"; });
    document.body.dataset.control = "other";
    lost(live.dataset.serverLost);
    if (sound) sound.hear("high", false);
  };
  new Worker(live.dataset.clock).addEventListener("message", () => { beat(); alone(); });
  beat();
}
