// Alarms on every page that sees the session: seen by colour, heard as at the table,
// silenced for two minutes at most, and a page that lost its server says so itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const bursts = (page) => page.evaluate(() => document.body.dataset.bursts ?? "");
const pressed = "[data-alarm=patient-switch]";

test("an alarm is seen and heard on every page until somebody has seen it", async (t) => {
  const page = await desk("practitioner", false);
  const name = "Jonah Whitfield";
  const patient = await step.importRecord(page, clinic, bundle(name));
  await step.evaluate(page, patient);
  await step.planAndSign(page, clinic, patient, "standard");
  await step.consent(page, patient, name);

  await t.test("the table is not armed before the sound was tried", async () => {
    await step.arrive(page, patient, step.ARRIVAL);
    assert.ok(await page.locator("#heard").isDisabled());
    await page.click("#arm");
    assert.match(page.url(), /\/treat(\?|$)/);
    await step.arriveAndArm(page, patient, step.ARRIVAL, { arrived: true });
  });

  await step.startPull(page);
  await step.until(page, () => page.locator("[data-test=phase]").textContent(), (phase) => /hold/i.test(phase));
  const other = await desk("assistant", false);
  await other.goto(page.url());

  await t.test("the patient's switch is an alarm of high priority, red, flashing and loud", async () => {
    assert.equal(await page.locator(pressed).count(), 0);
    await page.click("#switch-press");
    for (const seen of [page, other]) {
      await seen.waitForSelector(`${pressed}[data-priority=high][data-seen=false]`);
      const mark = await seen.locator(pressed).evaluate((row) => getComputedStyle(row, "::before").animationName);
      assert.equal(mark, "flash");
    }
    await step.until(page, () => bursts(page), (heard) => /high/.test(heard));
    assert.deepEqual(await faults(page), []);
  });

  await t.test("a page that only looks silences for two minutes and acknowledges for all", async () => {
    await other.click("#silence");
    const left = await step.until(page, () => page.locator("#silence").textContent(), (words) => /silent for/i.test(words));
    assert.match(left, /silent for (2:00|[01]:\d\d)/i);
    await other.click("#ack");
    await page.waitForSelector(`${pressed}[data-seen=true]`);
  });

  await t.test("a page that lost its server says so in the largest words and aloud", async () => {
    await page.evaluate(() => { document.body.dataset.bursts = ""; });
    await clinic.killServer();
    await step.until(page, () => page.locator("#lost").textContent(), (words) => /lost its server/i.test(words));
    assert.ok(await page.locator("#lost").isVisible());
    await step.until(page, () => bursts(page), (heard) => /high/.test(heard));
    assert.equal(await page.evaluate(() => document.body.dataset.control), "other", "it controls nothing any more");
  });
});
