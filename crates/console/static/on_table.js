// The patient's own page on the table: words come from the stream, a score is told as soon as
// the mark rests, and a page that has lost the table says so.
const bed = document.querySelector("[data-table-stream]");
if (bed) {
  const [score, now] = ["score", "score-now"].map((id) => document.getElementById(id));
  const tell = document.getElementById("score-tell");
  // Before anything is told the mark is a question, not a 0 that nobody gave.
  let untold = score.hasAttribute("aria-valuetext");
  const place = () => {
    now.value = untold ? "?" : score.value;
    bed.style.setProperty("--score", score.value);
  };
  const moved = () => {
    untold = false;
    score.removeAttribute("aria-valuetext");
    place();
  };
  // What the mark rests on is told, one at a time: none may overtake a later one.
  // One that did not arrive stays wanted, and is told again once the server is heard.
  let [timer, telling, wanted, own] = [0, false, false, 0];
  const told = async () => {
    if (telling || !wanted) return;
    telling = true;
    for (let answered = true; wanted && answered;) {
      wanted = false;
      answered = (await send(tell)) !== null;
      wanted ||= !answered;
    }
    [telling, own] = [false, Date.now()];
  };
  tell.hidden = true;
  const rests = () => {
    wanted = true;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; told(); }, 300);
  };
  score.addEventListener("input", moved);
  score.addEventListener("change", rests);
  // A mark that is pressed where it stands says 0.
  score.addEventListener("click", () => {
    if (!untold) return;
    moved();
    rests();
  });
  // What somebody else noted moves the mark, but never from under a finger, nor back to what
  // stood before an answer that the record does not show yet.
  const noted = (told) => {
    const busy = timer || telling || wanted || score.matches(":active") || Date.now() - own < 2500;
    if (busy || told === null || (!untold && String(told) === score.value)) return;
    score.value = told;
    moved();
  };
  place();
  let heard = Date.now();
  const source = new EventSource(bed.dataset.tableStream);
  source.addEventListener("status", (event) => {
    heard = Date.now();
    if (!timer) told();
    const words = JSON.parse(event.data);
    document.body.dataset.state = words.state;
    noted(words.score);
    if (words.state === "over") source.close();
    for (const name of ["head", "lead", "said"]) {
      const node = document.querySelector(`[data-live="${name}"]`);
      if (node.textContent !== words[name]) node.textContent = words[name];
    }
  });
  const alone = () => {
    const silent = Date.now() - heard >= 3000 && document.body.dataset.state !== "over";
    const place = document.getElementById("server-lost");
    if (silent) document.body.dataset.state = "lost";
    if (place.hidden === silent) [place.hidden, place.textContent] = [!silent, silent ? bed.dataset.serverLost : ""];
  };
  new Worker(bed.dataset.clock).addEventListener("message", alone);
}
