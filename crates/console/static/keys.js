// The keys of a page: a dialog that lists them, on "?" and by a button that stands on every page of the
// staff, and a switch that takes the single letters and signs away (WCAG 2.1.4), kept in this browser.
// Escape, Space and the arrow that lower, pause and stop a session are no letters: they are always on.
const lettersOn = () => {
  try { return localStorage.getItem("annulus-letters") !== "off"; } catch { return true; }
};
const keyHelp = document.getElementById("keys");
// A page that shows a table is not left by a letter: who controls it would let go.
const atTable = document.body.classList.contains("live");
const seen = (node) => node.checkVisibility({ visibilityProperty: true });
// Whatever has a letter of its own is found by it; these are the same everywhere.
const KEY_ACTS = {
  "?": () => openKeys(),
  "/": () => {
    const field = document.getElementById("find");
    if (field) { field.focus(); field.select(); } else if (document.getElementById("nav-today")) location.assign("/#find");
  },
  // The focus goes there; nobody's hand is spared the press.
  ".": () => [...document.querySelectorAll("main .btn.next")].find(seen)?.focus(),
};
// Whether a letter does anything here and now: nothing while the list of keys is open.
const letterCounts = (key) => keyHelp !== null && lettersOn() && !keyHelp.open && (!atTable || key === "?");
// What the page itself offers now; a letter that is off is not promised.
function listKeys() {
  const list = document.getElementById("keys-here");
  const own = [...document.querySelectorAll("main [data-key], .bar [data-key]")]
    .filter((node) => seen(node) && (node.dataset.key.length > 1 || lettersOn()));
  list.replaceChildren(...own.flatMap((node) => {
    const [name, words] = ["dt", "dd"].map((tag) => document.createElement(tag));
    const key = document.createElement("kbd");
    key.textContent = { Escape: "Esc", ArrowDown: "↓", Space: keyHelp.dataset.space }[node.dataset.key] ?? node.dataset.key.toUpperCase();
    name.append(key);
    const copy = node.cloneNode(true);
    copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
    words.textContent = copy.textContent.trim();
    return [name, words];
  }));
  document.getElementById("keys-none").hidden = own.length > 0;
}
function openKeys() {
  listKeys();
  // Beside a table nothing else may be out of reach: STOP stays where it is.
  if (atTable) keyHelp.show(); else keyHelp.showModal();
}
if (keyHelp) {
  const open = document.getElementById("keys-open");
  const box = document.getElementById("letters");
  const show = () => {
    box.checked = lettersOn();
    document.documentElement.toggleAttribute("data-no-letters", !box.checked);
  };
  open.hidden = false;
  open.addEventListener("click", openKeys);
  box.addEventListener("change", () => {
    try { localStorage.setItem("annulus-letters", box.checked ? "on" : "off"); } catch { /* this page alone */ }
    show();
    listKeys();
  });
  keyHelp.addEventListener("close", () => open.focus());
  document.getElementById("keys-close").addEventListener("click", () => keyHelp.close());
  addEventListener("storage", show);
  show();
  if (location.hash === "#find") document.getElementById("find")?.focus();
}
