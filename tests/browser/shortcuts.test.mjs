// Keys: what each page offers is listed, single letters can be turned off (WCAG 2.1.4) and never act
// while somebody types, and the safety keys of a session are always on.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const at = (page) => new URL(page.url()).pathname;
const focused = (page) => page.evaluate(() => document.activeElement.id);

/** A key that must lead nowhere. */
async function nothing(page, key) {
  const url = page.url();
  await page.keyboard.press(key);
  await page.waitForTimeout(400);
  assert.equal(page.url(), url, `${key} does nothing`);
}

test("letters lead about the clinic, are listed, and can be turned off", async (t) => {
  const page = await desk("practitioner");
  const patient = await step.register(page, clinic, "Letter Keys", "lumbar");

  await t.test("Today, the diary, the search and the next step", async () => {
    await page.goto(patient);
    await page.keyboard.press("d");
    await page.waitForURL(/\/diary/);
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.pathname === "/");
    await page.keyboard.press("/");
    assert.equal(await focused(page), "find");
    await page.keyboard.type("td./?");
    assert.equal(await page.inputValue("#find"), "td./?", "who types, types");
    assert.equal(await page.isVisible("#keys"), false);
    await page.goto(patient);
    await page.keyboard.press("/");
    await page.waitForURL(/#find/);
    await page.waitForFunction(() => document.activeElement.id === "find");
    await page.goto(patient);
    await nothing(page, ".");
    assert.equal(await focused(page), "next-step", "the focus goes there, and nothing is pressed");
  });

  await t.test("the list has the page's own, and nothing else is pressed while it is open", async () => {
    await page.goto(`${patient}/evaluate`);
    await page.waitForSelector("#answer-yes");
    await page.keyboard.press("?");
    await page.waitForSelector("#keys", { state: "visible" });
    const here = await page.locator("#keys-here").innerText();
    for (const key of ["N", "Y", "U", "F"]) assert.match(here, new RegExp(`^${key}$`, "m"));
    assert.match(here, /all questions as one form/i);
    for (const look of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(look);
      assert.deepEqual(await faults(page), []);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    for (const key of ["y", "t", "f"]) await nothing(page, key);
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#keys"), false);
  });

  await t.test("off they do nothing, also after a reload, and on again they do", async () => {
    await page.click("#keys-open");
    await page.focus("#letters");
    await page.keyboard.press("Space");
    assert.equal(await page.isChecked("#letters"), false);
    await page.click("#keys-close");
    await page.reload();
    const question = await page.locator("#question").innerText();
    for (const key of ["y", "n", "u", "f", "t", "d", "/", ".", "?"]) await nothing(page, key);
    assert.equal(await page.locator("#question").innerText(), question);
    assert.equal(await page.isVisible("#keys"), false);
    assert.equal(await page.isVisible("#answer-yes kbd"), false, "what is off is not promised");
    await page.click("#keys-open");
    assert.equal(await page.isChecked("#letters"), false);
    await page.check("#letters");
    await page.click("#keys-close");
    await page.keyboard.press("n");
    await page.waitForFunction((was) => document.getElementById("question")?.innerText !== was, question);
    assert.equal(at(page), `${new URL(patient).pathname}/evaluate`);
  });
  await page.context().close();
});

test("the safety keys of a session are always on, also right after another button was clicked", async () => {
  const page = await desk("practitioner", false);
  const session = await step.pulling(page, clinic, bundle("Safety Keys"), "Safety Keys");
  await page.evaluate(() => localStorage.setItem("annulus-letters", "off"));
  await page.reload();
  await step.says(page, "control", /you control/i);
  const state = () => page.evaluate(() => document.body.dataset.state);
  const set = () => page.locator("[data-test=set]").textContent();

  for (const key of ["t", "d", "/", "?"]) await nothing(page, key);
  const before = await set();
  await page.click("#allow");
  await page.keyboard.press("ArrowDown");
  await step.until(page, set, (now) => now !== before, 10_000);

  // The list stands beside the table: nothing that stops it is covered, and its own keys are in it.
  await page.click("#keys-open");
  const here = await page.locator("#keys-here").innerText();
  for (const key of ["Esc", "Space", "↓"]) assert.match(here, new RegExp(`^${key}$`, "m"));
  const covered = await page.evaluate(() => ["stop", "pause", "lower"].filter((id) => {
    const { left, right, top, bottom } = document.getElementById(id).getBoundingClientRect();
    return !document.getElementById(id).contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  }));
  assert.deepEqual(covered, []);
  assert.deepEqual(await faults(page), []);
  await page.click("#keys-close");

  await page.click("#allow");
  await page.keyboard.press("Space");
  await step.until(page, state, (now) => now === "paused", 10_000);
  await page.click("#keys-open");
  await page.keyboard.press("Escape");
  await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  await step.says(page, "stage", /stop/i);
  assert.equal(page.url(), session);
  await step.closeSession(page, session);
  await page.context().close();
});

test("Escape stops a session right after the increase was allowed", async () => {
  const page = await desk("practitioner", false);
  await step.pulling(page, clinic, bundle("Escape Key"), "Escape Key");
  await page.click("#allow");
  await page.keyboard.press("Escape");
  await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  await step.says(page, "stage", /stop/i);
  await page.context().close();
});
