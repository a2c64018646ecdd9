// Beside the question of Evaluate: the map that fills in from the examination, and the body on
// which pain is marked, tapped or by keyboard.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

test("what the examination found is drawn, and pain is marked on the body", async (t) => {
  const page = await desk();
  const patient = await step.importRecord(page, clinic, bundle("Berta Quill"));
  const point = (root, side) => page.locator(`.feeling [data-root=${root}][data-side=${side}]`);

  await t.test("answers of the form are points of the map", async () => {
    await page.goto(`${patient}/evaluate`);
    assert.equal(await page.locator(".feeling").count(), 0);
    await page.click("#to-roots");
    await page.waitForSelector("#section-neurology >> visible=true");
    await page.selectOption("[name='f:dermatome[L5,left]']", "altered");
    await page.selectOption("[name='f:dermatome[S1,right]']", "normal");
    await page.click("#save-answers");
    assert.equal(await point("L5", "left").getAttribute("class"), "felt-altered");
    assert.equal(await point("S1", "right").getAttribute("class"), "dot");
    assert.equal(await point("L4", "left").getAttribute("class"), "felt-unknown");
    const where = async (root, side) => (await point(root, side).boundingBox()).x;
    assert.ok(await where("L5", "left") > await where("L5", "right"), "from the front the left is on the right");
  });

  await t.test("pain is tapped, and marked anew with keys alone", async () => {
    await page.goto(`${patient}/evaluate`);
    await page.click("[data-test=mark] summary");
    for (const area of ["lower-back-left", "calf-left"]) await page.locator(`#mark .tap[data-area=${area}]`).first().click();
    await page.click("#mark-save");
    assert.match(await page.textContent("[data-test=hurts]"), /lower back, left; calf, left/);
    await page.locator("[data-test=mark] > summary").press("Enter");
    await page.locator("#mark [data-body-list] summary").press("Enter");
    await page.locator("#mark input[data-area=foot-left]").press("Space");
    await page.locator("#mark-save").press("Enter");
    await page.waitForSelector("[data-test=hurts] >> text=foot, left");
    assert.doesNotMatch(await page.locator("[data-test=hurts] > p").textContent(), /calf/);
    assert.deepEqual(await faults(page), []);
  });
});
