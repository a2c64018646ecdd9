// Documents as PDF, as the browser gets them: a screening, a form to fill in by hand, a signed note.

import assert from "node:assert/strict";
import test from "node:test";
import { clinic, desk } from "./house.mjs";
import { plain, read } from "./paper.mjs";

const open = async (page, name, part) => {
  await page.goto(`${clinic.url}/?find=${name}`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  await page.goto(`${clinic.url}${found.match(/^\/patients\/[^/?#]+/)[0]}${part}`);
};

test("a screening is a letter: the answer, its reasons, its sources", async () => {
  const page = await desk();
  await open(page, "Oskar", "/evaluate");
  const letter = await read(page, page.locator("a[href$='/evaluation/pdf']"));
  assert.match(letter.tags, /H1 "Evaluation for traction"/);
  assert.match(plain(letter.text), /Answer .* Urgency .* Why: .* To ask next .* Sources • S\d+: .* not a cleared medical device/);
  assert.match(letter.about, /Tagged: +yes/);
  assert.match(letter.about, /Pages: +[12]\n/, "a letter has two pages at most");
});

test("a check-in on paper asks what the page asks, and says where an emergency goes", async () => {
  const page = await desk();
  await open(page, "Tom", "/recover");
  const form = await read(page, page.locator("a[href$='/check-in/pdf']").first());
  await page.locator("a[href*='/enter']").first().click();
  const asked = await page.locator("main form legend").allInnerTexts();
  assert.match(form.text, /call 112 now and go to Example General Hospital/);
  assert.match(plain(form.text), /Yes to any of these: go now .*\?/);
  const missing = asked.filter((question) => /\?$/.test(question) && !plain(form.text).includes(plain(question)));
  assert.ok(asked.length > 5, asked.join());
  assert.deepEqual(missing, []);
});

test("a signed note is printed with who signed, and a draft is not", async () => {
  const page = await desk("practitioner", false);
  await open(page, "Tom", "");
  const note = await page.locator("[data-test=visits] a").first().getAttribute("href");
  const draft = await page.request.get(`${clinic.url}${note}/pdf`);
  assert.equal(draft.status(), 422);
  assert.match(await draft.text(), /sign the note first/);
  await page.goto(`${clinic.url}${note}`);
  assert.equal(await page.locator("a[href$='/pdf']").count(), 0, "a draft offers none");
  await page.fill("#plan", "Home exercise twice a day. <b>Not markup</b> #strong[x].");
  await page.fill("#note-password", clinic.password("practitioner").password);
  await page.click("#note-sign");
  await page.waitForSelector("[data-test=signed]");
  const paper = await read(page, page.locator("a[href$='/pdf']"));
  assert.match(paper.text, /Home exercise twice a day\. <b>Not markup<\/b> #strong\[x\]\./);
  assert.match(paper.text, /Signed by/);
  assert.match(paper.text, /1\/1/);
});

test("a course is drawn and told, session by session", async () => {
  const page = await desk();
  await open(page, "Tom", "/review");
  const course = await read(page, page.locator("a[href$='/course/pdf']"));
  assert.match(course.tags, /Figure[\s\S]*Table[\s\S]*TH/);
  assert.match(plain(course.text), /Sessions received 3 of 12 planned.* Pain is down 3 points, to 4\. .* Peak force, N .* completed \(simulated table\)/);
});

test("an adverse event is reported as it stands: open, then with relation and outcome", async () => {
  const page = await desk("practitioner", false);
  await open(page, "Tom", "/safety");
  await page.locator("details:has(#ae-description) summary").click();
  await page.fill("#ae-description", "Pain in the left leg after the session.");
  await page.click("#adverse-open");
  await page.waitForSelector("[data-adverse]");
  const link = page.locator("a[href*='/adverse/'][href$='/pdf']").first();
  const report = await read(page, link);
  assert.match(plain(report.text), /Adverse event report .* Pain in the left leg after the session\..* Received in the 72 hours before • Nothing that is on record\..* is open/);
});

test("a session of which no recording is kept says so", async () => {
  const page = await desk();
  await open(page, "Tom", "/recover");
  const report = await read(page, page.locator("a[href*='/session/'][href$='/pdf']").first());
  assert.match(plain(report.text), /Session report .* Table a simulated table .* Peak force, N 164 .* No recording of this session is kept here\. On arrival • .* On leaving •/);
});

test("a referral says the red flag and since when in its first line, two clicks after the alarm", async () => {
  const page = await desk("practitioner", false);
  await open(page, "Ruth", "/safety");
  await page.click("#to-referrals");
  await page.click("#referral-sign");
  await page.waitForSelector("[data-referral]");
  const letter = await read(page, page.locator("#print-letter"));
  const words = plain(letter.text);
  assert.match(words, /[Cc]auda equina[^.]*\. Since: [^.]*\d{4}[^.]*\. /);
  assert.ok(words.search(/cauda equina/i) < words.indexOf("Ruth"), "before the patient's name");
  assert.match(letter.about, /Pages: +1\n/);
  assert.match(letter.about, /Tagged: +yes/);
});
