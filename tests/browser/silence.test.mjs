// A patient who says nothing: asked on every page, let down by the bedside itself, and pulled
// again only after an answer and the practitioner's act.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, still } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const says = (page, mark, words) =>
  step.until(page, () => page.locator(`[data-test=${mark}]`).textContent(), (text) => words.test(text));
const stage = (page, name) => step.until(page, () => page.evaluate(() => document.body.dataset.state), (state) => state === name);
const alarm = "[data-alarm=no-answer]";

/// hazard: H12
test("who does not answer is let down to base force, and an answer from any page lets the staff go on", async () => {
  const page = await desk("practitioner", false);
  const name = "Jonah Whitfield";
  const patient = await step.importRecord(page, clinic, bundle(name));
  await step.evaluate(page, patient);
  await step.planAndSign(page, clinic, patient, "standard");
  await step.consent(page, patient, name);
  await step.arriveAndArm(page, patient, step.ARRIVAL);
  await step.startPull(page);
  await says(page, "phase", /hold/i);
  await page.click("#asleep");
  const other = await desk("assistant", false);
  await other.goto(page.url());
  // A rest of a minute by the staff, so that the pull outlasts five minutes; it is no sign.
  await page.click("#pause");
  await stage(page, "paused");
  await page.waitForTimeout(7_000);
  await page.click("#continue");
  await stage(page, "running");

  for (const seen of [page, other]) await says(seen, "ask", /ask now/i);
  for (const seen of [page, other]) {
    await says(seen, "ask", /no answer for 30 s/i);
    await seen.waitForSelector(`${alarm}[data-priority=high][data-seen=false]`);
  }
  await stage(page, "paused");
  await step.until(page, () => step.force(page), (force) => force < 60);
  const unanswered = await still(page);
  await page.click("#continue");
  await says(page, "refused", /nobody answered/i);

  await other.click("#well");
  for (const seen of [page, other]) {
    await step.until(seen, () => seen.locator("[data-test=ask]").textContent(), (text) => text === "");
    await step.until(seen, () => seen.locator(alarm).count(), (count) => count === 0);
  }
  assert.equal(await page.evaluate(() => document.body.dataset.state), "paused", "nobody but the staff goes on");
  await page.click("#continue");
  await stage(page, "running");
  await page.click("#stop");
  await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  assert.equal(await unanswered.locator(alarm).count(), 1);
  assert.deepEqual(await faults(unanswered), []);
  await other.context().close();
  await page.context().close();
});
