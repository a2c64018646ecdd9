// The emergency page of a check-in. The style sheet alone shows it, under the questions and above
// the edge of the screen, from the answer on: a wrong answer is taken back where it was given.
// With a script it lies over everything else, is announced, and leads back to that answer.
(() => {
  const page = document.getElementById("emergency-now");
  const form = document.getElementById("check-in");
  if (!page || !form) return;
  const { body } = document;
  const others = [...body.children, ...page.parentElement.children].filter((other) => !other.contains(page));
  let shown = false;
  let given = null;

  const look = () => {
    const now = body.dataset.emergency !== undefined || form.querySelector("[data-emergency]:checked") !== null;
    if (now === shown) return;
    shown = now;
    others.forEach((other) => { other.inert = now; });
    if (now) {
      page.scrollTop = 0;
      page.focus();
    } else if (given) {
      given.focus({ preventScroll: true });
      (given.closest("fieldset") || given).scrollIntoView({ block: "center" });
    }
  };

  body.dataset.over = "";
  page.setAttribute("aria-modal", "true");
  form.addEventListener("change", (event) => { if (event.target !== form) given = event.target; look(); });
  form.addEventListener("annulus:restored", look);
  // Several answers together may be one: another script says so.
  new MutationObserver(look).observe(body, { attributeFilter: ["data-emergency"] });
  document.getElementById("emergency-back").addEventListener("click", () => {
    const wrong = [...form.querySelectorAll("[data-emergency]:checked")];
    wrong.forEach((answer) => { answer.checked = false; });
    given = wrong[0] || given;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  look();
})();
