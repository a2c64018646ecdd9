// A form of the catalogue in LForms, a renderer that nobody here wrote: a person fills it in with
// keys and clicks, and what LForms gives comes back as facts of a patient.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before } from "node:test";
import test from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk, ways } from "./house.mjs";
import * as step from "./steps.mjs";

const built = new URL(".lforms/package/dist/lforms/", import.meta.url);
const kinds = { js: "text/javascript", css: "text/css", png: "image/png" };
const shell = `<!doctype html><meta charset="utf-8"><title>LForms</title><link rel="stylesheet" href="/webcomponent/styles.css">
<body><div id="form"></div><script src="/webcomponent/assets/lib/zone.min.js"></script>
<script src="/webcomponent/lhc-forms.js"></script><script src="/fhir/R4/lformsFHIR.min.js"></script></body>`;

let server;
let address;

before(async () => {
  server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://a").pathname;
    try {
      const body = path === "/" ? shell : await readFile(new URL(`.${path}`, built));
      response.setHeader("Content-Type", path === "/" ? "text/html" : kinds[path.split(".").pop()] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${server.address().port}`;
  ways.add(address);
});
after(() => server.close());

/** A page on which LForms shows a Questionnaire. */
async function shown(questionnaire) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => assert.fail(`LForms threw: ${error.message}`));
  await page.goto(`${address}/`);
  await page.waitForFunction(() => window.LForms?.Util?.addFormToPage && window.LForms.FHIR);
  await page.evaluate((form) => window.LForms.Util.addFormToPage(form, "form", { fhirVersion: "R4" }), questionnaire);
  await page.waitForSelector("[id='item-age/1/1']");
  return page;
}

const item = (page, fact) => page.locator(`[id='item-${fact}/1/1']`);
const choose = (page, fact, answer) => item(page, fact).locator("label.lhc-answer").getByText(answer, { exact: true }).click();

test("LForms shows the intake, and its answers come back as facts", async (t) => {
  // What is refused is answered with an error, which a strict page would complain of.
  const staff = await desk("practitioner", false);
  const patient = await step.importRecord(staff, clinic, bundle("Ida Frame"));
  const served = await staff.context().request.get(`${clinic.url}/knowledge/forms/intake-lumbar`);
  const page = await shown(await served.json());

  await t.test("an answer opens the questions that it makes needed, and closes them again", async () => {
    await page.locator("[id='age/1/1']").fill("45");
    await page.keyboard.press("Tab");
    // FHIR's != holds where nothing was answered: what may be needed is asked.
    await choose(page, "sex", "male");
    await item(page, "pregnancy").waitFor({ state: "detached" });
    await choose(page, "sex", "female");
    await item(page, "pregnancy").waitFor();
    await choose(page, "sex", "male");
    await item(page, "pregnancy").waitFor({ state: "detached" });
    assert.equal(await item(page, "osteoporosis").count(), 0);
    await choose(page, "bone_weakness", "Yes");
    await item(page, "osteoporosis").waitFor();
    await choose(page, "osteoporosis", "I do not know");
  });

  await t.test("a question is answered with keys alone", async () => {
    await item(page, "cauda_equina_signs").locator("input[type=radio]").first().focus();
    await page.keyboard.press("Space");
    await item(page, "saddle_numbness").waitFor();
    await page.keyboard.press("ArrowDown");
    await item(page, "saddle_numbness").waitFor({ state: "detached" });
  });

  const response = await page.evaluate(() => window.LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4"));
  const send = async (who) => {
    await staff.goto(`${patient}/facts`);
    await staff.fill("#answers", JSON.stringify(response));
    await staff.selectOption("#who", who);
    await staff.click("#answers-go");
  };

  await t.test("who answered has to be said, for LForms does not know", async () => {
    await send("");
    assert.equal(await staff.textContent("[data-test=fault-code]"), "no-informant");
  });

  await t.test("the answers are facts of the patient, and what was not answered is none", async () => {
    await send("patient");
    await staff.waitForURL(/said=saved/);
    const rows = await staff.$$eval("table.facts tbody tr", (rows) =>
      rows.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent)));
    const told = (fact) => rows.find(([name]) => name.endsWith(`(${fact})`))?.[1];
    assert.match(told("age"), /^45/);
    assert.match(told("sex"), /male/i);
    assert.match(told("cauda_equina_signs"), /no/i);
    assert.match(told("bone_weakness"), /yes/i);
    assert.ok(told("osteoporosis"), "asked, and not known");
    assert.doesNotMatch(told("osteoporosis"), /yes/i);
    assert.equal(told("cancer_history"), undefined);
    assert.equal(told("saddle_numbness"), undefined);
    assert.deepEqual(await faults(staff), []);
  });
});
