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
  let [timer, telling, wanted] = [0, false, false];
  const told = async () => {
    wanted = true;
    if (telling) return;
    telling = true;
    while (wanted) {
      wanted = false;
      await send(tell);
    }
    telling = false;
  };
  tell.hidden = true;
  score.addEventListener("input", place);
  score.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(told, 300);
  });
  place();
  let heard = Date.now();
  const source = new EventSource(bed.dataset.tableStream);
  source.addEventListener("status", (event) => {
    heard = Date.now();
    const words = JSON.parse(event.data);
    document.body.dataset.state = words.state;
    for (const name of ["head", "lead", "said"]) {
      const node = document.querySelector(`[data-live="${name}"]`);
      if (node.textContent !== words[name]) node.textContent = words[name];
    }
  });
  const alone = () => {
    if (Date.now() - heard < 3000) return arrived(bed.dataset.serverLost);
    document.body.dataset.state = "lost";
    lost(bed.dataset.serverLost);
  };
  new Worker(bed.dataset.clock).addEventListener("message", alone);
}
