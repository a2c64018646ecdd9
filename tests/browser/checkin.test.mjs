// A check-in on a phone: told before it is sent, kept without a network, sent once, and read
// without a script.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

/** A phone that holds the link. */
async function phone(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  return { context, page };
}

/** Nothing is wrong: everything is answered. */
async function answer(page) {
  await step.answerRest(page, "#check-in", "no", {
    "pain_now[spine]": 3, "pain_now[limb-left]": 3, "pain_now[limb-right]": 0,
    "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 3, "pain_worst_since[limb-right]": 0,
    distal_extent: "spine", since_function_lost: "no",
  });
  await page.check("#none-of-these");
}

const result = (page) => page.locator("[data-test=result]").getAttribute("data-result");
const alarms = (staff) => staff.locator("[data-test=inbox] h2").allTextContents();

test("an emergency answer reaches the clinic before anything is sent, and says so", async () => {
  const staff = await desk();
  const { url } = await step.link(staff, clinic, "Tomás");
  const { context, page } = await phone(url);
  await context.setOffline(true);
  await page.check("#check-in [name='f:since_saddle_numbness'][value=yes]");
  const told = page.locator("#emergency-sent");
  assert.match(await told.textContent(), /has not reached your clinic/);
  await page.waitForTimeout(500);
  await staff.goto(clinic.url);
  assert.ok(!(await alarms(staff)).some((line) => line.includes("Tomás")), "nobody knows yet");
  await context.setOffline(false);
  await page.waitForFunction(() => /has this now/.test(document.getElementById("emergency-sent").textContent));
  assert.equal(await page.locator("#emergency-send").textContent(), "Send the rest");
  await staff.goto(clinic.url);
  assert.ok((await alarms(staff)).some((line) => line.includes("Tomás")), "the inbox has it");
  // Sending the rest raises no second alarm.
  const before = (await alarms(staff)).length;
  await page.click("#emergency-send");
  await page.waitForURL(/told=/);
  assert.equal(await result(page), "emergency");
  await staff.goto(clinic.url);
  assert.equal((await alarms(staff)).length, before);
  await context.close();
});

test("what was typed outlives a reload and a network that is gone, and is sent once", async () => {
  const staff = await desk();
  const { url, patient } = await step.link(staff, clinic, "Tomás");
  const { context, page } = await phone(url);
  await answer(page);
  await page.reload();
  // Kept over a reload: what is given back comes a moment after the page.
  await page.waitForSelector("#none-of-these:checked");
  assert.ok(await page.isChecked("#check-in [name='f:pain_now[spine]'][value='3']"));
  await context.setOffline(true);
  await page.click("#check-in-send");
  await page.waitForSelector("#check-in-waits:not([hidden])");
  await page.click("#check-in-send");
  await context.setOffline(false);
  await page.waitForURL(/told=/);
  assert.notEqual(await result(page), "emergency");
  const sent = page.url();
  // Back, and sent again: one check-in.
  await page.goBack();
  await page.goto(sent);
  await staff.goto(`${patient}/recover`);
  const told = await staff.locator("[data-test=triage] > li").count();
  await page.goto(sent);
  await staff.reload();
  assert.equal(await staff.locator("[data-test=triage] > li").count(), told);
  await context.close();
});

test("a check-in is answered without a script, and nothing on it is too small or unnamed", async () => {
  const staff = await desk();
  const { url } = await step.link(staff, clinic, "Tomás");
  const plain = await phone(url, { javaScriptEnabled: false });
  await answer(plain.page);
  await plain.page.click("#check-in-send");
  await plain.page.waitForURL(/told=/);
  assert.ok(await result(plain.page));
  await plain.context.close();
  for (const colorScheme of ["light", "dark"]) {
    const { context, page } = await phone(url, { colorScheme });
    assert.deepEqual(await faults(page), [], colorScheme);
    await context.close();
  }
});

test("a check-in that is left reaches the record with what was answered", async () => {
  const staff = await desk();
  const { url, patient } = await step.link(staff, clinic, "Tomás");
  const { context, page } = await phone(url);
  await page.check("#check-in [name='f:since_fall'][value=no]");
  await page.goto("about:blank");
  await step.until(staff, async () => {
    await staff.goto(`${patient}/recover`);
    return staff.locator("[data-test=begun]").count();
  }, (count) => count > 0);
  assert.match(await staff.locator("[data-test=begun]").first().textContent(), /A fall, .* (false|no)/);
  await context.close();
});

test("where it hurts is tapped on a body, and how far it reaches follows", async () => {
  const staff = await desk();
  const { url, patient } = await step.link(staff, clinic, "Tomás");
  const { context, page } = await phone(url);
  const tap = (area) => page.locator(`.tap[data-area=${area}]`).first().click();
  for (const area of ["lower-back-left", "thigh-back-left", "calf-left", "calf-right"]) await tap(area);
  await tap("calf-right");
  assert.equal(await page.inputValue("[name='f:distal_extent']"), "below-knee-or-elbow");
  assert.equal(await page.locator(".zone.on").count(), 3);
  assert.ok(!(await page.isVisible("#fpain-area-calf-left")), "the list is folded away");
  await page.click("[data-body-list] summary");
  assert.ok(await page.isChecked("#fpain-area-calf-left"));
  await page.uncheck("#fpain-area-calf-left");
  assert.equal(await page.inputValue("[name='f:distal_extent']"), "thigh-or-upper-arm");
  await step.answerRest(page, "#check-in", "no", {
    "pain_now[spine]": 3, "pain_now[limb-left]": 3, "pain_now[limb-right]": 0,
    "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 3, "pain_worst_since[limb-right]": 0,
    distal_extent: "thigh-or-upper-arm", since_function_lost: "no",
  });
  await page.click("#check-in-send");
  await page.waitForURL(/told=/);
  await context.close();
  await staff.goto(`${patient}/recover`);
  const marked = staff.locator("[data-test=marked]");
  assert.match(await marked.textContent(), /lower back, left; back of the thigh, left/);
  assert.equal(await marked.locator(".zone.on").count(), 2);
});
