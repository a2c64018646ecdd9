// The patient's own page on the table, on a phone: how it feels, STOP, with and without script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const { says } = step;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The patient's page of a session, on a phone of its own. */
async function phone(first, more = {}) {
  await first.goto(`${first.url()}/patient`);
  const address = await first.locator("#open-table-page").getAttribute("href");
  const picture = await first.locator(".code svg").boundingBox();
  assert.ok(picture.width > 200, "a phone reads it from a hand's breadth");
  assert.deepEqual(await faults(first), []);
  await first.goBack();
  const context = await browser.newContext({ ...PHONE, ...more });
  const page = await context.newPage();
  page.on("pageerror", (error) => assert.fail(`the page threw: ${error.message}`));
  await page.goto(address);
  return page;
}

test("a patient tells how it feels with the mark, sees what came of it, and stops it", async () => {
  const first = await desk("practitioner", false);
  await step.pulling(first, clinic, bundle("Noor Haddock"), "Noor Haddock");
  const page = await phone(first);
  await says(page, "table-head", /steady pull|only a light pull|stronger|weaker/);
  const stop = await page.locator("#stop").boundingBox();
  const screen = PHONE.viewport.width * PHONE.viewport.height;
  assert.ok(stop.width * stop.height >= screen / 3, `STOP alone is a third of the screen, not ${(100 * stop.width * stop.height / screen).toFixed(1)} %`);
  const console = await first.locator("#stop").boundingBox();
  assert.ok(console.height >= 96, `STOP of the console is ${console.height} px high`);
  assert.ok(stop.y + stop.height <= 844);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(page), [], colorScheme);
  }

  assert.equal(await page.locator("#score-tell").isVisible(), false, "nothing to press but STOP");

  // Nobody told anything yet; what the therapist notes moves the mark.
  const mark = () => page.locator("#score-now").textContent();
  assert.equal(await mark(), "?");
  await first.click("#comfort-1");
  await says(page, "table-said", /Your therapist noted 1/);
  await step.until(page, mark, (text) => text === "1");

  // By keyboard: each step is told when the mark rests.
  await page.focus("#score");
  for (let score = 2; score <= 4; score += 1) await page.keyboard.press("ArrowRight");
  await says(page, "table-said", /You said 4/);
  await says(first, "comfort", /^4$/);
  const number = await page.locator("#score-now").boundingBox();
  const line = await page.locator("#score").boundingBox();
  assert.ok(Math.abs(number.x + number.width / 2 - (line.x + 44 + 0.4 * (line.width - 88))) < 3, "the number is on the mark");
  await page.keyboard.press("ArrowLeft");
  await says(page, "table-said", /You said 3.*decides/);
  assert.equal(await first.locator("[data-test=comfort]").textContent(), "4");

  // A score that does not arrive says so, stays, and is told once the server answers again.
  await page.route("**/comfort", (route) => route.abort());
  await page.focus("#score");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await step.until(page, () => page.locator("#lost").textContent(), (text) => /did not arrive/.test(text));
  assert.equal(await first.locator("[data-test=comfort]").textContent(), "4");
  await page.unroute("**/comfort");
  await says(first, "comfort", /^5$/);
  await step.until(page, () => page.locator("#lost").isHidden(), (hidden) => hidden);

  await page.tap("#stop");
  await says(page, "table-head", /letting go|let go/);
  await says(first, "live-record", /pressed STOP on their own page/);
  await says(page, "table-head", /It has let go/);
  await first.click("#close");
  await first.waitForSelector("[data-test=session-ended]");
  await says(page, "table-head", /It is over/);
  assert.equal(await page.locator("#stop").isVisible(), false);
});

test("without script it stops, too, and a page that has lost its server says what to do", async () => {
  const first = await desk("practitioner", false);
  await step.pulling(first, clinic, bundle("Petra Quill"), "Petra Quill");
  const plain = await phone(first, { javaScriptEnabled: false });
  const scripted = await phone(first);
  await says(scripted, "table-head", /pull/);
  assert.match(await plain.locator("main").textContent(), /does not renew itself/);
  assert.ok(await plain.locator("#score-tell").isVisible());
  // What the press leads to must be there before the page is asked for again: two loads at once lose one.
  const led = plain.waitForEvent("load");
  await plain.click("#stop");
  await led;
  await step.until(plain, async () => { await plain.reload(); return plain.locator("[data-test=table-head]").textContent(); }, (text) => /let go/.test(text));
  await says(scripted, "table-head", /let go/);
  await clinic.killServer();
  const lost = (id = "lost") => scripted.locator(`#${id}`).textContent();
  await step.until(scripted, () => lost("server-lost"), (text) => /has lost the table.*press the switch in your hand/.test(text));
  await scripted.tap("#stop");
  await step.until(scripted, lost, (text) => /did not arrive. Press the switch in your hand/.test(text));
});
