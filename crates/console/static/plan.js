// The sliders of a plan. The middle is asked for while the hand moves, one question at a time
// and the newest next; how sure we are as soon as the middle came and nothing newer waits. A
// question that a newer one made stale is aborted, and its answer never shown. What is drawn is
// dimmed until its answer is there.
const look = document.getElementById("look");
const sliders = document.getElementById("look-form");
if (look && sliders) {
  const words = look.querySelector("[data-part=words]");
  let flight = null;
  let stage = "";
  let due = false;
  const said = (text) => {
    const line = document.createElement("p");
    line.className = "unk-box";
    line.textContent = text;
    words.replaceChildren(line);
  };
  const put = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("[data-part]").forEach((part) => {
      const place = look.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (!place) return;
      place.replaceChildren(...part.childNodes);
      delete place.dataset.stale;
    });
  };
  const refused = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const of = (name) => page.querySelector(`[data-test="${name}"]`)?.textContent ?? "";
    const place = of("fault-place");
    if (!place) return location.reload();
    said(`${look.dataset.none} ${place}: ${of("fault")} ${of("fault-remedy")}`);
  };
  const ask = async (part) => {
    flight?.abort();
    const mine = (flight = new AbortController());
    stage = part;
    const query = new URLSearchParams(new FormData(sliders));
    query.set("part", part);
    try {
      const answer = await fetch(`${look.dataset.preview}?${query}`, { signal: mine.signal });
      const text = await answer.text();
      if (mine.signal.aborted) return;
      if (answer.ok && !answer.redirected) put(text); else refused(text);
      if (due) stale();
      if (answer.ok && part === "middle" && !due) return ask("bands");
    } catch (fault) {
      if (mine.signal.aborted) return;
      said(look.dataset.lost);
    }
    flight = null;
    if (due) { due = false; ask("middle"); }
  };
  const stale = () => ["levels", "curve", "spine"]
    .forEach((name) => { look.querySelector(`[data-part=${name}]`).dataset.stale = ""; });
  const moved = () => {
    stale();
    if (flight && stage === "middle") due = true; else ask("middle");
  };
  // A browser's own step would be a hundredth of the slider, whatever that rounds to.
  const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
  look.addEventListener("keydown", (event) => {
    const slider = event.target;
    const steps = KEYS[event.key];
    if (slider.type !== "range" || !steps || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    slider.value = String(Number(slider.value) + steps * (Number(slider.dataset.step) || 1));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  look.addEventListener("input", (event) => {
    const slider = event.target;
    if (slider.type === "range") {
      const step = Number(slider.dataset.step) || 1;
      const places = step < 1 ? 2 : 0;
      const low = Number(slider.min);
      const high = Number(slider.max);
      const raw = Number(slider.value);
      const at = raw <= low ? "low" : raw >= high ? "high" : "";
      const value = Math.min(high, Math.max(low, at ? raw : Math.round(raw / step) * step));
      slider.value = String(Number(value.toFixed(places)));
      slider.closest(".slider").dataset.at = value <= low ? "low" : value >= high ? "high" : "";
      const shown = look.querySelector(`[data-value="${CSS.escape(slider.id)}"]`);
      if (shown) shown.textContent = slider.value;
    }
    moved();
  });
}
