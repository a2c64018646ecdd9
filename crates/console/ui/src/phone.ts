// What the answers of a check-in mean while there is no network, by the rules that came with
// the form. checkin.js keeps and sends; it says here that something could not be sent.

import { type Answers, decide, type Result, type Sheet } from "./triage";

const form = document.querySelector<HTMLFormElement>("#check-in");
const data = document.getElementById("check-in-sheet");
/** A copy of the form that is older speaks for nobody's being well: the record may say more (ours). */
const OLD = 24 * 3_600_000;

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
  const skew = Number(document.body.dataset["skew"] ?? 0);
  return Math.max(Date.parse(sheet.at), Date.now() + skew);
}

function judge(sheet: Sheet, of: HTMLFormElement): Result {
  const at = now(sheet);
  const result = decide(sheet, answers(of), at);
  const mild = sheet.verdicts.indexOf(result.verdict) > sheet.verdicts.indexOf("adjust");
  return mild && at - Date.parse(sheet.at) > OLD ? { verdict: "adjust", fired: [] } : result;
}

/** The questions of danger that have no answer yet. */
function unanswered(of: HTMLFormElement): string[] {
  const asked = [...of.querySelectorAll("fieldset.flag")];
  const open = asked.filter((one) => one.querySelector(":checked") === null);
  return open.map((one) => one.querySelector("legend")?.textContent ?? "");
}

function list(page: ParentNode, mark: string, lines: readonly string[]): void {
  const place = page.querySelector(mark);
  for (const words of lines) {
    const line = document.createElement("li");
    line.textContent = words;
    place?.append(line);
  }
  if (lines.length === 0) place?.closest("section")?.remove();
}

/** The words of a result, which the form brought along; an emergency has a page of its own. */
function show(result: Result, of: HTMLFormElement): void {
  const place = document.getElementById("kept-result");
  if (place === null) return;
  const words = document.querySelector<HTMLTemplateElement>(`template[data-result="${CSS.escape(result.verdict)}"]`);
  const first = place.hidden;
  place.hidden = words === null;
  place.dataset["result"] = result.verdict;
  if (words === null) return;
  const page = words.content.cloneNode(true) as DocumentFragment;
  list(page, "[data-why]", result.fired.map((rule) => rule.statement));
  list(page, "[data-open]", unanswered(of));
  place.replaceChildren(page);
  if (!first) return;
  place.focus();
  place.scrollIntoView();
}

if (form !== null && data !== null) {
  const sheet = JSON.parse(data.textContent ?? "") as Sheet;
  // Several answers may be an emergency together that none is alone; one that is stands for
  // itself. Whoever says that it was a mistake is believed until the next answer.
  const look = (): void => {
    const alone = form.querySelector("[data-emergency]:checked") !== null;
    const result = judge(sheet, form);
    if (alone || result.verdict !== "emergency") {
      delete document.body.dataset["emergency"];
      return;
    }
    const desk = document.getElementById("emergency-together");
    const says = result.fired.filter((rule) => rule.verdict === "emergency").map((rule) => rule.say ?? rule.statement);
    if (desk !== null) desk.textContent = says.join("\n");
    document.body.dataset["emergency"] = "";
  };
  const unsent = (): void => {
    look();
    show(judge(sheet, form), form);
  };
  // Listened to before checkin.js, which tells the clinic.
  form.addEventListener("change", (event) => {
    if (event.isTrusted || event.target !== form) look(); else delete document.body.dataset["emergency"];
  }, { capture: true });
  // What is said to somebody whose answers wait follows their answers.
  form.addEventListener("change", () => {
    if (document.getElementById("kept-result")?.dataset["result"] !== undefined) show(judge(sheet, form), form);
  });
  form.addEventListener("annulus:restored", look);
  let told = false;
  document.addEventListener("annulus:unsent", () => {
    if (!told) unsent();
    told = true;
  });
  // What was restored or could not be sent before this was loaded.
  look();
  if (document.getElementById("check-in-waits")?.hidden === false) unsent();
}
