// The body on which pain is marked: a tap on the picture is a tick in the list below it, which
// stays the answer. How far down the pain reaches follows, until somebody says it themselves.
document.querySelectorAll("[data-body-chart]").forEach((chart) => {
  const form = chart.closest("form");
  const boxes = [...chart.querySelectorAll("input[data-area]")];
  const far = form.querySelector("[name='f:distal_extent']");
  let said = false;
  const draw = () => boxes.forEach((box) => {
    chart.querySelectorAll(`.zone[data-area="${CSS.escape(box.dataset.area)}"]`)
      .forEach((zone) => zone.classList.toggle("on", box.checked));
  });
  const reach = () => {
    if (said || !far || far.tagName !== "SELECT") return;
    const order = [...far.options].map((option) => option.value);
    const places = boxes.filter((box) => box.checked).map((box) => order.indexOf(box.dataset.reach));
    far.value = places.length > 0 ? order[Math.max(...places)] : "";
  };
  chart.querySelector("[data-body-list]").open = false;
  chart.classList.add("live");
  chart.addEventListener("click", (event) => {
    const tap = event.target.closest && event.target.closest(".tap");
    const box = tap && boxes.find(({ dataset }) => dataset.area === tap.dataset.area);
    if (box) box.click();
  });
  // Before the form keeps and sends what it has.
  chart.addEventListener("change", () => { draw(); reach(); });
  if (far) far.addEventListener("change", () => { said = true; });
  form.addEventListener("annulus:restored", () => { said = Boolean(far && far.value); draw(); });
  draw();
});
