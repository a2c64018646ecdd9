// Signs of danger on a phone: all on one screen, a wrong answer is taken back with a script and
// without one, and nothing that was said is lost to a clock that is wrong or to hours that passed.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const PHONE = { width: 390, height: 844 };
const HOUR = 3_600_000;

async function phone(options = {}) {
  const staff = await desk();
  const { url, patient } = await step.link(staff, clinic, "Tomás");
  const context = await browser.newContext({ viewport: PHONE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  return { staff, context, page, url, patient };
}

const WELL = {
  "pain_now[spine]": 3, "pain_now[limb-left]": 3, "pain_now[limb-right]": 0,
  "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 3, "pain_worst_since[limb-right]": 0,
  distal_extent: "spine", since_function_lost: "no",
};
const sign = (page, fact, word) => page.locator(`#check-in [name='f:${fact}'][value=${word}]`);
const toldOf = (staff) => staff.locator("[data-test=triage] > li").count();

test("all signs of danger stand on one screen of a phone", async () => {
  const { context, page } = await phone();
  const first = await page.locator("#red-flags").boundingBox();
  const flags = page.locator("[data-test=flag]");
  const last = await flags.last().boundingBox();
  assert.ok(await flags.count() >= 11);
  const height = last.y + last.height - first.y;
  assert.ok(height <= PHONE.height, `${height} px`);
  const sizes = await flags.locator("legend").evaluateAll((all) => all.map((one) => Number.parseFloat(getComputedStyle(one).fontSize)));
  assert.ok(Math.min(...sizes) >= 16, `${Math.min(...sizes)} px`);
  await context.close();
});

test("without a script a wrong answer is taken back where it was given", async () => {
  const { context, page } = await phone({ javaScriptEnabled: false, hasTouch: true, isMobile: true });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width, "no wider than the phone");
  const shown = page.locator("#emergency-now");
  // Every one of them, wherever it stands.
  for (const fact of ["since_saddle_numbness", "since_stroke_signs", "since_collapse"]) {
    await sign(page, fact, "yes").click();
    assert.ok(await shown.isVisible(), fact);
    assert.ok(await page.locator(".call").isVisible());
    assert.match(await shown.innerText(), /wrong tap/);
    if (fact === "since_collapse") assert.match(await shown.innerText(), /I collapsed/);
    assert.ok(!(await page.locator("#emergency-back").isVisible()), "no button that does nothing");
    await sign(page, fact, "no").click();
    assert.ok(!(await shown.isVisible()), fact);
  }
  await step.answerRest(page, "#check-in", "no", WELL);
  await page.check("#none-of-these");
  await page.click("#check-in-send");
  await page.waitForURL(/told=/);
  assert.notEqual(await page.locator("[data-test=result]").getAttribute("data-result"), "emergency");
  await context.close();
});

test("with a script it lies over everything, and leads back to the answer", async () => {
  const { context, page } = await phone();
  await sign(page, "since_foot_drop", "yes").check();
  const where = () => page.evaluate(() => document.activeElement.closest("#emergency-now") !== null);
  assert.ok(await where(), "the focus is on it");
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement.closest("#emergency-now"));
    assert.ok(!outside, "the focus does not leave it");
  }
  assert.equal(await page.locator("#check-in").evaluate((form) => form.inert), true);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(page), [], colorScheme);
  }
  await page.click("#emergency-back");
  assert.ok(!(await page.isVisible("#emergency-now")));
  assert.equal(await page.locator("#check-in").evaluate((form) => form.inert), false);
  assert.equal(await page.evaluate(() => document.activeElement.name), "f:since_foot_drop");
  await context.close();
});

test("what waits to be sent is sent, however wrong the clock of the phone becomes", async () => {
  for (const days of [9, -9]) {
    const { staff, context, page, url, patient } = await phone();
    await staff.goto(`${patient}/recover`);
    const before = await toldOf(staff);
    await context.setOffline(true);
    await step.answerRest(page, "#check-in", "no", WELL);
    await page.check("#none-of-these");
    await page.click("#check-in-send");
    await page.waitForSelector("#check-in-waits:not([hidden])");
    await page.close();
    const again = await context.newPage();
    await again.clock.setSystemTime(Date.now() + days * 24 * HOUR);
    await context.setOffline(false);
    await again.goto(url);
    // By the page, or by the browser while it opened.
    await step.until(staff, async () => { await staff.reload(); return toldOf(staff); }, (now) => now === before + 1);
    await context.close();
    await staff.context().close();
  }
});

test("what was begun hours ago is offered with its time, and not sent unasked", async () => {
  const { staff, context, page, url, patient } = await phone();
  await sign(page, "since_fall", "yes").check();
  // A phone needs a moment to keep it.
  await page.waitForFunction(async () => (await kept.all()).length > 0);
  await page.close();
  const later = await context.newPage();
  await later.clock.setSystemTime(Date.now() + 5 * HOUR);
  await later.goto(url);
  await later.waitForSelector("#check-in-former:not([hidden])");
  assert.match(await later.textContent("#check-in-former time"), /day.*\d/);
  assert.ok(!(await sign(later, "since_fall", "yes").isChecked()), "not filled in unasked");
  assert.deepEqual(await faults(later), []);
  await later.click("#former-use");
  assert.ok(await sign(later, "since_fall", "yes").isChecked());
  await later.reload();
  await later.waitForFunction(() => document.querySelector("[name='f:since_fall'][value=yes]").checked);
  assert.ok(!(await later.isVisible("#check-in-former")), "asked once");
  await staff.goto(`${patient}/recover`);
  await context.close();
});
