// What needs somebody now is seen on every page of the staff, without anybody loading anything.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

/** Somebody answers on their phone that they are in danger. */
async function emergency(url) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const phone = await context.newPage();
  await phone.goto(url);
  await phone.check("#check-in [name='f:since_saddle_numbness'][value=yes]");
  await phone.waitForFunction(() => /has this now/.test(document.getElementById("emergency-sent").textContent));
  await context.close();
}

const people = async (page) => Number((await page.title()).match(/^\((\d+)\)/)?.[1] ?? 0);

test("an emergency reaches whoever looks at anything, and goes when somebody takes it", async () => {
  const staff = await desk();
  const { url } = await step.link(staff, clinic, "Tomás");
  const reading = await desk();
  await reading.goto(`${clinic.url}/knowledge`);
  await reading.waitForSelector("#inbox-strip:not([hidden])");
  const before = await people(reading);
  const today = await desk();
  await today.goto(clinic.url);
  const line = today.locator("[data-test=inbox] > li").first();
  await line.locator("input[name=note]").fill("half a word");
  const lines = await today.locator("[data-test=inbox] > li").count();

  await emergency(url);
  await step.until(reading, () => people(reading), (now) => now === before + 1, 40_000);
  assert.match(await reading.textContent("#inbox-strip"), /need.* you now\. Most urgent: Emergency/);
  for (const colorScheme of ["light", "dark"]) {
    await reading.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(reading), [], colorScheme);
  }
  // Today has the new line, and what was being typed in another.
  await step.until(today, () => today.locator("[data-test=inbox] > li").count(), (now) => now === lines + 1, 40_000);
  assert.equal(await today.locator("[data-test=inbox] > li input[name=note]").first().inputValue(), "half a word");
  assert.equal(await people(today), before + 1);

  const mine = today.locator("[data-test=inbox] > li", { hasText: "Tomás" });
  await mine.locator("input[name=note]").fill("Called, sent to the emergency department");
  await mine.locator("[data-test=acknowledge]").click();
  await step.until(reading, () => people(reading), (now) => now === before, 40_000);
  await reading.click("#inbox-go");
  await reading.waitForSelector("[data-test=today-head]");
  for (const page of [staff, reading, today]) await page.context().close();
});

test("a list that cannot be had is said, and so is a login that ended", async () => {
  const page = await desk("practitioner", false);
  await page.goto(`${clinic.url}/knowledge`);
  await page.waitForSelector("#inbox-strip:not([hidden])");
  await page.context().setOffline(true);
  await page.waitForFunction(() => /cannot be reached/.test(document.getElementById("inbox-strip").textContent), null, { timeout: 60_000 });
  await page.context().setOffline(false);
  await page.waitForFunction(() => !/cannot be reached/.test(document.getElementById("inbox-strip").textContent), null, { timeout: 60_000 });
  await page.context().clearCookies();
  await page.waitForFunction(() => /logged out/.test(document.getElementById("inbox-strip").textContent), null, { timeout: 60_000 });
  await page.context().close();
});

/** How far what was seen of a page moved by itself since, as browsers count it. */
const shift = (page) => page.evaluate(() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(0), 500);
}));

test("the strip pushes nothing down once a page is seen", async () => {
  const page = await desk();
  const patient = await page.locator("[data-test=patients] a").first().getAttribute("href");
  for (const path of ["/knowledge", "/diary", "/outcomes", patient]) {
    const told = page.waitForResponse((answer) => answer.url().endsWith("/inbox"));
    await page.goto(`${clinic.url}${path}`);
    await told;
    await page.waitForTimeout(200);
    assert.ok(await page.isVisible("#inbox-strip"), path);
    assert.ok(await shift(page) < 0.005, `${path} moved by ${await shift(page)}`);
  }
  await page.context().close();
});
