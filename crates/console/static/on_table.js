// The patient's own page on the table: words come from the stream, a score is told as soon as
// the mark rests, and a page that has lost the table says so.
const bed = document.querySelector("[data-table-stream]");
if (bed) {
  const [score, now] = ["score", "score-now"].map((id) => document.getElementById(id));
  const tell = document.getElementById("score-tell");
  const place = () => {
    now.value = score.value;
    bed.style.setProperty("--score", score.value);
  };
  // What the mark rests on is told, one at a time: none may overtake a later one.
  // One that did not arrive stays wanted, and is told again once the server is heard.
  let [timer, telling, wanted] = [0, false, false];
  const told = async () => {
    if (telling || !wanted) return;
    telling = true;
    for (let answered = true; wanted && answered;) {
      wanted = false;
      answered = (await send(tell)) !== null;
      wanted ||= !answered;
    }
    telling = false;
  };
  tell.hidden = true;
  score.addEventListener("input", place);
  score.addEventListener("change", () => {
    wanted = true;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; told(); }, 300);
  });
  place();
  let heard = Date.now();
  const source = new EventSource(bed.dataset.tableStream);
  source.addEventListener("status", (event) => {
    heard = Date.now();
    if (!timer) told();
    const words = JSON.parse(event.data);
    document.body.dataset.state = words.state;
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
