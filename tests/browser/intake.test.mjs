// Intake, re-screen, clearance and override in a real browser. Every tap, click,
// choice and typed field of the counted parts goes through a hand that counts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { Hand } from "./hand.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

/** What one patient without a red flag says, and what is found. */
const PLAIN = {
  age: 45, sex: "male", main_symptom: "local-pain", prior_care: "three-weeks-or-more", goal_of_care: "function",
  motor_strength: "normal", sensation: "normal", can_signal: "yes", can_lie: "yes", imaging_on_file: "yes",
  alignment: "level",
};
/** An intake with these answers beside the plain ones, and what they opened answered with these too. */
async function intake(page, region, name, given = {}) {
  const patient = await step.register(page, clinic, name, region);
  const hand = new Hand(page);
  await page.goto(`${patient}/evaluate`);
  await hand.click("#to-intake");
  for (let round = 0; round < 4 && (await page.locator("#intake-save").count()) > 0; round += 1) {
    if ((await hand.answerForm("#intake", { ...PLAIN, ...given })) === 0) break;
    await hand.click("#intake-save");
  }
  return { patient, hand };
}

for (const region of ["lumbar", "cervical"]) {
  test(`an empty ${region} chart reaches its verdict in at most 35 inputs`, async () => {
    const page = await desk("practitioner", false);
    const { patient, hand } = await intake(page, region, `Plain ${region}`);
    assert.equal(await step.verdict(page), "cleared");
    assert.match(await page.locator("[data-test=intake-head]").innerText(), /everything/i);
    await hand.click("#decide");
    await page.waitForURL(/\/plan/, { waitUntil: "commit" });
    assert.ok(hand.inputs >= 30, `${hand.inputs} inputs are too few to have asked everything`);
    assert.ok(hand.inputs <= 35, `${hand.inputs} inputs`);
    await page.goto(`${patient}/evaluate?form=intake`);
    assert.deepEqual(await faults(page), []);
    await page.context().close();
  });
}

test("a yes opens its findings next, and the rest of their section is denied in one act", async () => {
  const page = await desk("practitioner", false);
  const patient = await step.register(page, clinic, "Opened Findings", "lumbar");
  await page.goto(`${patient}/evaluate?form=intake`);
  assert.equal(await page.locator("#intake [data-test^=deny-]").count(), 0);
  await step.answerRest(page, "#intake", "no", { ...PLAIN, bone_weakness: "yes" });
  await page.click("#intake-save");
  await page.waitForLoadState();
  const opened = await step.asked(page, "#intake");
  assert.ok(opened.includes("osteoporosis") && opened.includes("steroid_long_term"), "findings of bone are asked");
  assert.ok(!opened.includes("bone_weakness"), "what was answered is not asked again");
  assert.notEqual(await step.verdict(page), "cleared");
  assert.deepEqual(await faults(page), []);
  await step.answer(page, "#intake", "steroid_long_term", "yes");
  await page.click("[data-test=deny-bone]");
  await page.waitForLoadState();
  await page.goto(`${patient}/facts`);
  assert.match(await page.locator("main").innerText(), /\(osteoporosis\)\s+no/);
  assert.match(await page.locator("main").innerText(), /\(steroid_long_term\)\s+yes/);
  await page.context().close();
});

test("the re-screen of a second visit the next day asks at most ten answers", async () => {
  const page = await desk("practitioner", false);
  const patient = await step.register(page, clinic, "Second Visit", "lumbar");
  await step.evaluate(page, patient);
  await step.planAndSign(page, clinic, patient, "gentle");
  await step.consent(page, patient, "Second Visit");
  await step.arriveAndArm(page, patient, step.ARRIVAL);
  const session = page.url();
  await step.startPull(page);
  await step.until(page, () => page.locator("[data-test=phase]").textContent(), (phase) => /hold/i.test(phase));
  await page.click("#stop");
  await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  await step.closeAndLeave(page, session, step.ARRIVAL);

  const lead = await desk("clinical-lead", false);
  await lead.goto(`${clinic.url}/clock`);
  await lead.fill("#hours", "23");
  await lead.click("#clock-move");
  await lead.context().close();

  await step.arrive(page, patient, step.ARRIVAL);
  const hand = new Hand(page);
  assert.ok(await page.locator("#rescreen").count(), "something went stale overnight");
  assert.deepEqual(await faults(page), []);
  const answers = await hand.answerForm("#rescreen", PLAIN);
  assert.ok(answers >= 5 && answers <= 10, `${answers} answers`);
  await hand.click("#rescreen-save");
  assert.equal(await page.locator("#rescreen").count(), 0, "nothing else is asked");
  assert.equal(hand.inputs, answers + 1);
  await page.context().close();
});

test("an override turns its rule into caution, gentle only, and stands on every later page until a fact changes", async () => {
  const page = await desk("practitioner", false);
  const { patient } = await intake(page, "lumbar", "Lies Badly", { can_lie: "no" });
  assert.equal(await step.verdict(page), "evaluate-first");
  await page.click("[data-rule=cannot-lie] [data-test=override]");
  await page.waitForSelector("#override");
  assert.match(await page.locator("#override").innerText(), /wish is never a reason/i);
  assert.deepEqual(await faults(page), []);
  await page.fill("#o-reason", "Lies with a wedge under the knees, tried for five minutes.");
  await page.fill("#o-examination", "Tried on the table; strength and feeling unchanged after it.");
  await page.check("#o-told");
  await page.click("#override-go");
  await page.waitForURL(/\/evaluate/, { waitUntil: "commit" });
  assert.equal(await step.verdict(page), "caution");
  await step.answerWhole(page, patient, { body_weight: 78, treated_level: "L4-L5", neuro_exam_done: "yes", directional_preference: "none" });
  await page.goto(`${patient}/evaluate`);
  await page.click("#decide");
  await page.waitForSelector("#propose");
  await page.click("#propose");
  await page.waitForSelector("[data-test=candidates]");
  assert.equal(await page.locator("#candidate-gentle").count(), 1);
  assert.equal(await page.locator("[id^=candidate-]").count(), 1, "gentle only");
  for (const path of ["", "/evaluate", "/plan", "/consent", "/treat", "/safety"]) {
    await page.goto(`${patient}${path}`);
    assert.match(await page.locator("[data-test=standing]").innerText(), /until the session ends/i, path);
  }
  await step.answerWhole(page, patient, { can_lie: "yes" });
  await page.goto(`${patient}/evaluate`);
  assert.equal(await page.locator("[data-test=standing]").count(), 0);
  assert.match(await page.locator("[data-test=on-file]").innerText(), /lapsed: a fact of the rule changed/i);

  const lead = await desk("clinical-lead", false);
  await lead.goto(`${clinic.url}/overrides`);
  const name = clinic.password("practitioner").name;
  assert.match(await lead.locator(`[data-clinician="${name}"]`).innerText(), /cannot-lie × 1/);
  assert.deepEqual(await faults(lead), []);
  await lead.context().close();
  await page.context().close();
});

test("a rule for two is overridden by two, each with a password, and withdrawn by one", async () => {
  const page = await desk("practitioner", false);
  const { patient } = await intake(page, "lumbar", "Fell Lately", { event_since_last: "yes" });
  const rule = "[data-rule=event-since-last]";
  await page.click(`${rule} [data-test=override]`);
  const file = async (password) => {
    await page.fill("#o-reason", "Slipped from a kerb, examined at once.");
    await page.fill("#o-examination", "No tenderness, strength, feeling and reflexes as before.");
    await page.check("#o-told");
    await page.selectOption("#o-second", clinic.password("clinical-lead").login);
    await page.fill("#o-password", password);
    await page.click("#override-go");
    await page.waitForLoadState();
  };
  await file("not the password");
  assert.match(await page.locator("main").innerText(), /second clinician/i);
  await page.goto(`${patient}/permissions/event-since-last`);
  await file(clinic.password("clinical-lead").password);
  assert.equal(await step.verdict(page), "caution");
  await page.click(`${rule} [data-test=permission]`);
  await page.fill("#w-reason", "The pain changed overnight.");
  await page.click("#withdraw-go");
  await page.waitForURL(/\/evaluate/, { waitUntil: "commit" });
  assert.equal(await step.verdict(page), "evaluate-first");
  await page.context().close();
});

test("nothing softens a rule marked never, and its page says why", async () => {
  const page = await desk("practitioner", false);
  const { patient } = await intake(page, "lumbar", "Red Flag", { cauda_equina_signs: "yes" });
  const fired = page.locator(".fired [data-rule]").filter({ has: page.locator("[data-test=never]") });
  assert.ok((await fired.count()) > 0, "a rule that nothing softens fires");
  assert.match(await page.locator("[data-test=pressing]").innerText(), /emergency/i);
  assert.equal(await fired.locator("[data-test=override], [data-test=clearance]").count(), 0);
  const rule = await fired.first().getAttribute("data-rule");
  await page.goto(`${patient}/permissions/${rule}`);
  assert.equal(await page.locator("main form").count(), 0);
  assert.match(await page.locator("[data-test=never]").innerText(), /nothing softens this/i);
  await page.context().close();
});

test("the surgeon's letter turns a recent operation into caution", async () => {
  const page = await desk("practitioner", false);
  const operated = {
    spine_operated: "yes", spinal_surgery: "yes", spinal_surgery_date: "2026-08", spinal_surgery_kind: "other",
    neuro_exam_done: "yes",
  };
  await intake(page, "lumbar", "Operated Lately", operated);
  await page.click("[data-rule=recent-spinal-surgery] [data-test=clearance]");
  await page.waitForSelector("#clearance");
  assert.deepEqual(await faults(page), []);
  await page.fill("#c-name", "Dr Ines Okafor");
  await page.fill("#c-profession", "Spine surgeon");
  await page.fill("#c-licence", "EX 4411");
  await page.fill("#c-document", "Letter 2291 in the paper file");
  await page.fill("#c-issued", await page.evaluate(() => new Date(Date.now() - 864e5).toISOString().slice(0, 10)));
  await page.fill("#c-expires", await page.evaluate(() => new Date(Date.now() + 60 * 864e5).toISOString().slice(0, 10)));
  await page.fill("#c-conditions", "No more than 200 N");
  await page.check("#c-read");
  await page.click("#clearance-go");
  await page.waitForURL(/\/evaluate/, { waitUntil: "commit" });
  assert.equal(await step.verdict(page), "caution");
  assert.match(await page.locator("[data-test=standing]").innerText(), /cleared by letter/i);
  assert.match(await page.locator("aside[data-test=decision]").innerText(), /200 N/);
  await page.context().close();
});
