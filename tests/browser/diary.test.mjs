// Booked, moved and marked with the keyboard alone; a note that is signed and printed.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

/** Goes on with Tab until the focus is on what is looked for. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

test("an appointment is booked with the keyboard alone, and refused where it clashes", async () => {
  const page = await desk("front-desk", false);
  await page.goto(`${clinic.url}/diary`);
  await tabTo(page, "#day-after");
  await page.keyboard.press("Enter");
  await page.waitForURL(/day=/);
  const book = async (name, time) => {
    await tabTo(page, "#book-find");
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-test=matches]");
    await tabTo(page, "[data-test=matches] a");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#book");
    await tabTo(page, "#time");
    await page.fill("#time", time);
    await tabTo(page, "#practitioner");
    await page.keyboard.type("Colin");
    await tabTo(page, "#book-go");
    await page.keyboard.press("Enter");
    await page.waitForLoadState();
  };
  await book("Elin", "13:00");
  await page.waitForSelector("[data-test=said]");
  assert.match(await page.locator("[data-test=appointments]").innerText(), /13:00[\s\S]*Elin Rose Marsh/);
  await book("Henrik", "13:20");
  const refused = page.locator("[data-test=refused]");
  assert.match(await refused.innerText(), /taken from 13:00 to 13:40[\s\S]*13:40/);
  assert.equal(await refused.getAttribute("role"), "alert");
  assert.equal(await page.inputValue("#time"), "13:20");
});

test("a note is signed with the password, and printed without the page around it", async () => {
  const page = await desk("practitioner", false);
  await page.goto(`${clinic.url}/?find=Tom`);
  await page.locator("[data-test=patients] a").first().click();
  await page.locator("[data-test=visits] a").first().click();
  await page.waitForSelector("#note");
  await page.fill("#plan", "Home exercise twice a day. Next session as booked.");
  await page.fill("#note-password", clinic.password("practitioner").password);
  await page.click("#note-sign");
  await page.waitForSelector("[data-test=signed]");
  assert.match(await page.locator("[data-test=plan]").innerText(), /Home exercise/);
  await page.emulateMedia({ media: "print" });
  for (const hidden of [".top", ".foot", "#print"]) assert.equal(await page.locator(hidden).isVisible(), false, hidden);
  assert.ok(await page.locator("[data-test=signed]").isVisible());
});

test("diary and note have no serious fault of accessibility, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme })).newPage();
    await step.logIn(page, clinic, "practitioner");
    assert.deepEqual(await faults(page), [], `today, ${colorScheme}`);
    await page.goto(`${clinic.url}/diary`);
    await page.locator("details summary").first().click();
    assert.deepEqual(await faults(page), [], `diary, ${colorScheme}`);
    await page.goto(`${clinic.url}/?find=Tom`);
    await page.locator("[data-test=patients] a").first().click();
    await page.locator("[data-test=visits] a").last().click();
    await page.waitForSelector("#note");
    assert.deepEqual(await faults(page), [], `note, ${colorScheme}`);
    await page.context().close();
  }
});
