// What the answers of a check-in mean while there is no network, by the rules that came with
// the form. checkin.js keeps and sends; it says here that something could not be sent.

import { type Answers, decide, type Result, type Sheet } from "./triage";

const form = document.querySelector<HTMLFormElement>("#check-in");
const data = document.getElementById("check-in-sheet");

/** The answers as the server reads them: "none of these" denies what was not ticked. */
function answers(of: HTMLFormElement): Answers {
  const found = new Map<string, string>();
  for (const [name, value] of new FormData(of)) {
    if (name.startsWith("f:") && value !== "") found.set(name.slice(2), String(value));
  }
  if (of.querySelector("[data-none]:checked") !== null) {
    for (const box of of.querySelectorAll<HTMLInputElement>("[data-rest]:not(:checked)")) {
      found.set(box.name.slice(2), "no");
    }
  }
  return found;
}

/** Now by the server's clock as it was told when the form came; a clock set back since then counts for nothing. */
function now(sheet: Sheet): number {
  const made = Date.parse(sheet.at);
  const skew = Number(document.body.dataset["skew"] ?? 0);
  return Math.max(made, Date.now() + skew);
}

/** The words of a result, which the form brought along. */
function show(result: Result): void {
  const place = document.getElementById("kept-result");
  const words = document.querySelector<HTMLTemplateElement>(`template[data-result="${CSS.escape(result.verdict)}"]`);
  if (place === null || words === null) return;
  const page = words.content.cloneNode(true) as DocumentFragment;
  const why = page.querySelector("[data-why]");
  for (const rule of result.fired) {
    const line = document.createElement("li");
    line.textContent = rule.statement;
    why?.append(line);
  }
  if (result.fired.length === 0) why?.closest("section")?.remove();
  place.replaceChildren(page);
  place.dataset["result"] = result.verdict;
  place.hidden = false;
  place.focus();
  place.scrollIntoView();
}

if (form !== null && data !== null) {
  const sheet = JSON.parse(data.textContent ?? "") as Sheet;
  const told = (): Result => decide(sheet, answers(form), now(sheet));
  // Several answers may be an emergency together that none is alone; one that is stands for
  // itself. Listened to before checkin.js, which tells the clinic.
  const look = (): void => {
    const alone = form.querySelector("[data-emergency]:checked") !== null;
    if (alone || told().verdict !== "emergency") delete document.body.dataset["emergency"];
    else if (document.body.dataset["emergency"] === undefined) {
      document.body.dataset["emergency"] = "";
      document.getElementById("emergency-now")?.focus();
    }
  };
  form.addEventListener("change", look, { capture: true });
  form.addEventListener("annulus:restored", look);
  const unsent = (): void => {
    look();
    show(told());
  };
  document.addEventListener("annulus:unsent", unsent);
  // What was restored or could not be sent before this was loaded.
  look();
  if (document.getElementById("check-in-waits")?.hidden === false) unsent();
}
