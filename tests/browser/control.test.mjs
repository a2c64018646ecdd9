// Two pages at one table: who controls is seen on both, control passes by a hand, and a
// page that is gone is answered by the table itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const { says } = step;

test("a second page sees and stops, and gets control only from the hand that has it", async () => {
  const first = await desk("practitioner", false);
  const session = await step.pulling(first, clinic, bundle("Jonah Whitfield"), "Jonah Whitfield");
  await says(first, "control", /you control/i);
  const second = await desk("clinical-lead", false);
  await second.goto(session);
  await says(second, "control", /controls the table.*can stop/i);
  for (const raising of ["#allow", "#prepare", "#continue"]) assert.equal(await second.locator(raising).isVisible(), false, raising);
  for (const open of ["#stop", "#pause", "#lower"]) assert.ok(await second.locator(open).isVisible(), open);
  assert.deepEqual(await faults(second), []);

  await second.click("#control");
  await says(first, "asking", /asks for control/i);
  assert.ok(await first.locator("#hand-over").isVisible());
  assert.deepEqual(await faults(first), []);
  await first.click("#keep");
  await says(second, "control", /controls the table/i);
  await step.until(second, () => second.locator("#control").textContent(), (text) => /ask for control/i.test(text));
  await second.click("#control");
  await first.click("#hand-over");
  await says(second, "control", /you control/i);
  await says(first, "control", /controls the table.*can stop/i);
  assert.ok(await second.locator("#allow").isVisible());
  assert.equal(await first.locator("#allow").isVisible(), false);

  // A change of force is drawn, then begun, then confirmed.
  await second.click("#change summary");
  await second.fill("#change-force", "100");
  await second.waitForSelector("#change-drawing svg");
  await says(second, "change-words", /100 N: \d+:\d\d left of/);
  assert.deepEqual(await faults(second), []);
  await second.click("#prepare-change");
  await second.click("#confirm-change");
  await says(second, "set", /set-point 100 N/);

  // A copied tab brings the id of its original along, and lets go of it.
  const copy = await second.context().newPage();
  await copy.addInitScript((id) => { if (!sessionStorage.getItem("annulus-page")) sessionStorage.setItem("annulus-page", id); },
    await second.evaluate(() => sessionStorage.getItem("annulus-page")));
  await copy.goto(session);
  await says(copy, "control", /controls the table.*can stop/i);
  await says(second, "control", /you control/i);
  await copy.close();

  // The page that only looks stops the table.
  await first.click("#stop");
  await step.until(first, () => step.force(first), (force) => force < 20, 15_000);
  await first.context().close();
  await says(second, "stage", /stopped/i);
  await second.fill("#explain-reason", "The practitioner stopped it.");
  await second.click("#explain-technical");
  await second.click("#close");
  await second.waitForSelector("[data-test=session-ended]");
  await second.context().close();
});

test("a closed tab is noticed: the table lets go, and only then another page takes over", async () => {
  const first = await desk("practitioner", false);
  const session = await step.pulling(first, clinic, bundle("Amara Lindqvist"), "Amara Lindqvist");
  const second = await desk("clinical-lead", false);
  await second.goto(session);
  await says(second, "control", /controls the table/i);
  const held = await step.force(second);
  assert.ok(held > 100, `held ${held} N`);
  await first.close();
  await says(second, "control", /silent/i);
  await second.click("#control");
  await says(second, "limiter", /link lost/i);
  await step.until(second, () => step.force(second), (force) => force < 20, 15_000);
  await says(second, "control", /nobody/i);
  await second.click("#control");
  await says(second, "control", /you control/i);
  await second.context().close();
});
