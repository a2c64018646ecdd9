// Evaluate decides while somebody ticks: the verdict follows what is not saved yet, says that it does,
// and what is old is never shown as if it were current.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const verdict = (page) => page.locator("aside[data-test=decision]");
const urgency = (page) => verdict(page).getAttribute("data-urgency");
const decided = (page) => page.waitForFunction(() => !document.querySelector("#evaluate [data-stale]"));
const tick = (page, fact, value) => page.check(`#intake [name="f:${fact}"][value="${value}"]`);

test("an urgent answer changes the verdict before it is saved, and a reload knows nothing of it", async () => {
  const page = await desk("practitioner");
  const patient = await step.register(page, clinic, "Live Verdict", "lumbar");
  await page.goto(`${patient}/evaluate?form=intake`);
  const before = await verdict(page).getAttribute("data-verdict");
  assert.equal(await urgency(page), "none");
  assert.ok(await page.isVisible("#decide"));

  await tick(page, "cauda_equina_signs", "yes");
  assert.equal(await page.isVisible("#decide"), false, "nothing can be kept from the first tick on");
  await step.until(page, () => urgency(page), (urgency) => urgency === "emergency", 5_000);
  assert.ok(await page.isVisible("[data-test=pressing]"));
  assert.ok(await page.isVisible("[data-test=unsaved]"));
  assert.match(await page.locator("[data-part=verdict]").innerText(), /not saved yet/i);
  await decided(page);
  assert.deepEqual(await faults(page), []);

  // A yes opens its findings, and says so before it is saved.
  await tick(page, "bone_weakness", "yes");
  await page.waitForSelector("[data-part=then] li");

  // Whoever comes again sees the record as it is.
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${patient}/evaluate`);
  assert.equal(await urgency(page), "none");
  assert.equal(await verdict(page).getAttribute("data-verdict"), before);
  assert.ok(await page.isVisible("#decide"));
  assert.equal(await page.locator("[data-test=pressing]").count(), 0);
  await page.context().close();
});

test("what is given back by a draft is decided on too, and saving says the same", async () => {
  const page = await desk("practitioner");
  const patient = await step.register(page, clinic, "Draft Verdict", "lumbar");
  await page.goto(`${patient}/evaluate?form=intake`);
  await tick(page, "can_lie", "no");
  const rule = page.locator(".fired [data-rule=cannot-lie]");
  await rule.waitFor();
  await page.reload();
  await rule.waitFor();
  assert.ok(await page.isVisible("[data-test=unsaved]"));
  await page.click("#intake-save");
  await page.waitForLoadState();
  assert.equal(await page.locator("[data-test=unsaved]").count(), 0);
  assert.ok(await rule.isVisible());
  assert.ok(await page.isVisible("#decide"));
  await page.context().close();
});

test("what was taken back is taken back here, and what cannot be read says so at its field", async () => {
  const page = await desk("practitioner");
  const patient = await step.register(page, clinic, "Typed Verdict", "lumbar");
  await page.goto(`${patient}/evaluate?form=all`);
  await page.click("details[data-section=person] > summary");
  const age = page.locator("#answers-all [name='f:age']");
  const own = await page.locator("[data-part=undecided]").innerHTML();
  await age.fill("900");
  const note = page.locator("[data-test=left-out]");
  await note.waitFor();
  assert.match(await note.innerText(), /left out.*range/i);
  assert.equal(await age.getAttribute("aria-invalid"), "true");
  await age.fill("45");
  await page.waitForFunction(() => !document.querySelector("[data-test=left-out]"));
  await decided(page);
  assert.ok(await page.isVisible("[data-test=unsaved]"));
  assert.equal(await page.isVisible("#decide"), false);
  await age.fill("");
  await page.waitForSelector("#decide", { state: "visible" });
  assert.equal(await page.locator("[data-test=unsaved]").count(), 0);
  assert.equal(await page.locator("[data-part=undecided]").innerHTML(), own);
  await page.context().close();
});

test("an older answer that comes late is dropped, and a lost server is said", async () => {
  const page = await desk("practitioner", false);
  const patient = await step.register(page, clinic, "Late Verdict", "lumbar");
  await page.goto(`${patient}/evaluate?form=intake`);
  // The first question is held back until the second was answered.
  let free;
  const held = new Promise((go) => { free = go; });
  let asked = 0;
  await page.route("**/evaluate/preview", async (route) => {
    asked += 1;
    if (asked === 1) await held;
    await route.continue().catch(() => {});
  });
  await tick(page, "cauda_equina_signs", "yes");
  await step.until(page, () => asked, (asked) => asked === 1);
  await tick(page, "cauda_equina_signs", "no");
  await step.until(page, () => asked, (asked) => asked === 2);
  await decided(page);
  free();
  await page.waitForTimeout(500);
  assert.equal(await urgency(page), "none");

  await page.unroute("**/evaluate/preview");
  await page.route("**/evaluate/preview", (route) => route.abort());
  await tick(page, "cauda_equina_signs", "yes");
  await page.waitForSelector("#not-live", { state: "visible" });
  assert.match(await page.locator("#not-live").innerText(), /not live/i);
  assert.ok(await page.locator("[data-part=verdict][data-stale]").count(), "the old verdict is dimmed");
  assert.equal(await page.isVisible("#decide"), false);
  // It asks again by itself.
  await page.unroute("**/evaluate/preview");
  await step.until(page, () => urgency(page), (urgency) => urgency === "emergency", 10_000);
  assert.equal(await page.isVisible("#not-live"), false);
  await page.context().close();
});

test("without scripts the answers are saved and then decided on, as ever", async () => {
  const page = await desk("practitioner", true, { javaScriptEnabled: false });
  const patient = await step.register(page, clinic, "Plain Verdict", "lumbar");
  await page.goto(`${patient}/evaluate?form=intake`);
  await tick(page, "cauda_equina_signs", "yes");
  assert.equal(await urgency(page), "none");
  await page.click("#intake-save");
  await page.waitForLoadState();
  assert.equal(await urgency(page), "emergency");
  await page.context().close();
});
