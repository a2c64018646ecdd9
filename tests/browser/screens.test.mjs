// What must be seen without scrolling, and how large it is: a session at 1280 × 800 with a long
// name and an alarm elsewhere; the head of a page on a phone, without a script too.

import assert from "node:assert/strict";
import test from "node:test";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const LONG = "Maximiliane Alexandra Wolfeschlegelsteinhausen-Bergerdorff de la Torre y Montenegro";
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** It lies whole above the bar. */
const above = async (page, ...names) => {
  const bar = await page.locator(".bar").boundingBox();
  for (const name of names) {
    const box = await page.locator(name).boundingBox();
    assert.ok(box && box.y >= 0 && box.y + box.height <= bar.y, `${name} ends at ${box?.y + box?.height}, the bar begins at ${bar.y}`);
  }
};

/** Words of the page under 18 px, those of the simulated patient and of keys left out. */
const small = (page) => page.evaluate(() => {
  const found = [];
  const texts = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim();
    const node = texts.currentNode.parentElement;
    if (!words || node.closest(".sim, kbd, title, desc, noscript") || !node.checkVisibility({ visibilityProperty: true })) continue;
    const picture = node.closest("svg");
    const scale = picture ? picture.getBoundingClientRect().width / picture.viewBox.baseVal.width : 1;
    const size = Number.parseFloat(getComputedStyle(node).fontSize) * scale;
    if (size < 17.9) found.push(`${words}: ${size}`);
  }
  return found;
});

test("the next step of a session and its close are seen, and nothing is under 18 px", async () => {
  const page = await desk("practitioner", false);
  const patient = await step.importRecord(page, clinic, bundle(LONG));
  await step.evaluate(page, patient);
  await step.planAndSign(page, clinic, patient, "standard");
  await step.consent(page, patient, LONG);
  await step.arriveAndArm(page, patient, step.ARRIVAL);
  await step.says(page, "control", /you control/i);
  await above(page, "#prepare", "#close");
  assert.deepEqual(await small(page), []);
  await step.startPull(page);
  await step.says(page, "phase", /hold/i);
  assert.deepEqual(await small(page), []);
  await above(page, "#live-curve", "#live-spine", "#end", "[data-test=lacks]", "#symptom-other");
  // Loaded anew the page is silent until it is touched; saying so takes nothing else away.
  await page.evaluate(() => { document.body.dataset.sound = "off"; });
  await above(page, "#sound-on", "#live-curve", "#live-spine", "#end", "#symptom-other");
  assert.deepEqual(await small(page), []);
  assert.equal(await page.isVisible("[data-test=health]"), false, "how punctual the loop is is unfolded");
  await page.click("#stop");
  await step.says(page, "stage", /stop/i);
  await page.waitForSelector("#close", { state: "visible" });
  await above(page, "#close", "#explain-symptom");
  await page.context().close();
});

test("a phone has one row of head, and a menu that needs no script", async () => {
  const context = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await step.logIn(page, clinic, "practitioner");
  await page.goto(`${clinic.url}/diary`);
  assert.ok((await page.locator("h1").boundingBox()).y < 200);
  for (const name of ["#nav-today", "#logout", "#keys-open"]) assert.equal(await page.isVisible(name), false, name);
  await page.tap("#menu-open");
  await page.tap("#nav-knowledge");
  await page.waitForURL(/\/knowledge/);
  await page.tap("#notices-open");
  assert.match(await page.locator("#notices").innerText(), /not approved by a clinician/);
  await context.close();
});

test("with an alarm elsewhere a patient's headline begins in the upper half of a phone", async () => {
  const page = await desk("practitioner", true, PHONE);
  await page.goto(`${clinic.url}/?find=Tom`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  await page.goto(`${clinic.url}${found}`);
  await page.waitForSelector("#inbox-strip", { state: "visible" });
  assert.ok((await page.locator("h1").boundingBox()).y < 350);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  // The course is drawn for the phone: what a lane comes to stands whole on it.
  const last = await page.locator("[data-test=course-narrow] svg text", { hasText: /was/ }).first().boundingBox();
  assert.ok(last.x >= 0 && last.x + last.width <= 390, "the last value is on the screen");
  await page.context().close();
});

test("blocks stand apart, names have room, and an empty list has words", async () => {
  const page = await desk();
  await page.goto(`${clinic.url}/diary`);
  for (const name of await page.locator("[data-test=appointments] td:nth-child(2) a").all()) {
    assert.ok((await name.boundingBox()).height < 40, `${await name.innerText()} stands in one line`);
  }
  await page.goto(`${clinic.url}/?find=Tom`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  const patient = `${clinic.url}${found.match(/\/patients\/[0-9a-f-]+/)[0]}`;
  for (const [path, mark] of [["safety", "no-alerts"], ["therapies", "no-therapies"]]) {
    await page.goto(`${patient}/${path}`);
    assert.ok((await page.locator(`[data-test=${mark}]`).innerText()).length > 20, path);
  }
  await page.goto(`${patient}/plan`);
  const strip = await page.locator("[data-test=plan-signed]").boundingBox();
  const next = await page.locator("[data-test=candidates]").boundingBox();
  assert.ok(next.y - strip.y - strip.height >= 12, "the signed strip touches nothing");
  await page.context().close();
});

test("a link to a rule opens the set that holds it", async () => {
  const page = await desk();
  await page.goto(`${clinic.url}/knowledge`);
  assert.equal(await page.locator("#spinal-implant").isVisible(), false);
  await page.goto(`${clinic.url}/knowledge#spinal-implant`);
  await page.waitForSelector("#spinal-implant", { state: "visible" });
  await page.context().close();
});
