// One patient carried the whole way round in a real browser: from an imported
// record to a reviewed session, with a STOP pressed in the hold and a check-in
// that raises an emergency; and a server killed while the table pulls.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { faults } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import { plain, read } from "./paper.mjs";
import * as step from "./steps.mjs";

/** From a record to a session in its hold. */
async function treatedInHold(page, name) {
  const session = await step.pulling(page, clinic, bundle(name), name);
  const [patient] = session.split("/session/");
  return { patient, session };
}

test("a patient is carried from a record to a reviewed session", async (t) => {
  const page = await desk();
  const { patient, session } = await treatedInHold(page, "Jonah Whitfield");

  await t.test("STOP in the hold lets go at once", async () => {
    const held = await step.force(page);
    assert.ok(held > 100, `held ${held} N`);
    await page.click("#stop");
    await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  });

  await t.test("the session is closed with its cause, and the patient leaves", async () => {
    const well = { "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0, distal_extent: "thigh-or-upper-arm" };
    await step.closeAndLeave(page, session, well);
  });

  await t.test("the session is a report with its force as recorded, once the table has handed it over", async () => {
    await page.goto(`${patient}/recover`);
    const report = () => read(page, page.locator("a[href*='/session/'][href$='/pdf']").first());
    const { text, tags } = await step.until(page, report, ({ tags }) => /Figure/.test(tags));
    assert.match(plain(text), /Table a simulated table .* Force as recorded at the table .* Before the start • .* Recording, SHA-256 [0-9a-f]{64}/);
    assert.match(tags, /Caption/);
  });

  let link;
  await t.test("a personal link is made, and looking at it changes nothing", async () => {
    await page.goto(`${patient}/recover`);
    await page.click("#make-link");
    link = await page.locator("#personal-link").getAttribute("href");
    assert.match(link, /\/c\/[A-Za-z0-9_-]{20,}/);
  });

  await t.test("an emergency answer shows the emergency page before it is sent", async () => {
    const lead = await desk("clinical-lead");
    await lead.goto(`${clinic.url}/clock`);
    await lead.fill("#hours", "4.5");
    await lead.click("#clock-move");
    await lead.context().close();

    const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    await phone.goto(new URL(link, clinic.url).href);
    assert.equal(await phone.locator("#emergency-now").isVisible(), false);
    await phone.context().setOffline(true);
    await phone.check("#check-in [name='f:since_bladder_bowel'][value=yes]");
    await phone.waitForSelector("#emergency-now", { state: "visible" });
    assert.match(await phone.locator("#emergency-now").innerText(), /not reached your clinic/i);
    await phone.context().setOffline(false);
    await phone.click("#emergency-send");
    await phone.waitForSelector("[data-test=result]");
    assert.match(await phone.locator("main").innerText(), /emergency/i);
    assert.deepEqual(await faults(phone), []);
    await phone.context().close();
  });

  await t.test("the alarm stands first on the clinic's page until somebody takes it", async () => {
    await page.goto(clinic.url);
    const inbox = page.locator("[data-test=inbox]");
    assert.match(await inbox.innerText(), /Jonah Whitfield/);
    await page.goto(`${patient}/safety`);
    assert.match(await page.locator("[data-test=safety-head]").innerText(), /suspended/i);
    const alarm = page.locator("[data-alarm] form").first();
    await alarm.locator("input[name=note]").fill("Called, sent to the emergency department");
    await alarm.locator("button").click();
    await page.waitForURL(/said=acknowledged/);
    assert.ok((await page.locator("[data-adverse]").count()) >= 1, "an adverse event is open");
  });

  await t.test("a suspended patient is not treated", async () => {
    await page.goto(`${patient}/treat`);
    assert.ok(await page.locator("#arrival-save").isDisabled());
  });

  await t.test("an examination lifts the suspension, and the course is reviewed", async () => {
    await page.goto(`${patient}/safety`);
    for (;;) {
      const open = page.locator("[data-suspension] form").first();
      if ((await page.locator("[data-suspension] form").count()) === 0) break;
      const action = await open.getAttribute("action");
      await step.answerAll(page, `form[action="${action}"]`, { neuro_exam_done: "yes", motor_strength: "normal", neuro_unchanged: "yes" });
      await open.locator("[name=reason]").fill("Seen today: bladder and saddle normal, MRC 5 throughout");
      await open.locator("button").click();
      await page.waitForURL(/said=lifted/);
      await page.goto(`${patient}/safety`);
    }
    await page.goto(`${patient}/review`);
    await page.click("#review");
    await page.waitForSelector("[data-test=review]");
    const result = await page.locator("[data-test=review]").getAttribute("data-result");
    assert.equal(result, "discontinue", "an emergency in the course discontinues it");
  });

  await t.test("the pages of the path have no serious fault of accessibility", async () => {
    for (const path of ["", "/evaluate", "/plan", "/recover", "/safety", "/referrals", "/review"]) {
      await page.goto(`${patient}${path}`);
      assert.deepEqual(await faults(page), [], path);
    }
  });
});

test("killing the server in the hold leaves the table safe and the record whole", async () => {
  // A page whose server is killed has every reason to complain.
  const page = await desk("practitioner", false);
  const { patient, session } = await treatedInHold(page, "Amara Lindqvist");
  assert.ok((await step.force(page)) > 100, "it pulls");
  const port = new URL(clinic.url).port;
  await clinic.killServer();
  assert.equal(clinic.bedside.exitCode, null, "the bedside lives on");
  // Silence of the console: 1 s no increase, 5 s unload and latch, by the wall clock.
  await new Promise((done) => setTimeout(done, 9_000));
  await page.context().close();
  await clinic.startServer(port);
  const again = await desk();
  await step.until(again, async () => {
    await again.goto(session);
    return again.locator("main").innerText();
  }, (text) => /link lost/i.test(text));
  assert.ok((await step.force(again)) < 20, "the table has let go");
  await again.click("#control");
  await again.fill("#explain-reason", "The server was gone.");
  await again.click("#explain-technical");
  await again.click("#close");
  await again.waitForSelector("[data-test=session-ended]");
  const recording = again.locator("[data-test=session-recording]");
  assert.equal(await recording.getAttribute("data-cause"), "link-lost", "the record names what it was");
  const hash = await recording.getAttribute("data-sha256");
  const folder = join(clinic.folder, "recordings");
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  const hashes = files.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  assert.ok(hashes.includes(hash), `no recording has the hash on record, ${hash}: ${hashes}`);
  await again.goto(`${patient}/recover`);
  assert.match(await again.locator("main").innerText(), /session/i);
  await clinic.verifyJournal();
});

test("a STOP that does not arrive is said aloud", async () => {
  const page = await desk("practitioner", false);
  const { session } = await treatedInHold(page, "Noor Castellan");
  await page.context().clearCookies();
  await page.click("#stop");
  await page.waitForFunction(() => /did not arrive/i.test(document.body.innerText));
  assert.match(await page.locator("body").innerText(), /switch/i, "it says what still works");
  // Another login stops the table.
  const other = await desk("practitioner", false);
  await other.goto(session);
  await other.click("#stop");
  await step.until(other, () => step.force(other), (force) => force < 20, 15_000);
});
