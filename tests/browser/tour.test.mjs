// One patient walked through every page, as docs/tour.md tells it. With ANNULUS_TOUR=FOLDER each
// picture of the tour is taken anew; without it the walk is made all the same, and every picture
// that the tour names must be one that the walk takes.

import assert from "node:assert/strict";
import test from "node:test";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const NAME = "Alma Fenwick";
const DOCS = new URL("../../docs/", import.meta.url);
const folder = process.env.ANNULUS_TOUR;
const taken = [];

/** A picture of what stands on the screen. */
async function picture(page, name) {
  taken.push(`${name}.jpg`);
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 78 });
}

async function phone(path) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(new URL(path, clinic.url).href);
  return page;
}

test("one patient is walked through every page of the tour", async (t) => {
  const page = await desk();
  let patient;
  let session;

  await t.test("before the table", async () => {
    await picture(page, "today");
    await page.goto(`${clinic.url}/diary`);
    await picture(page, "diary");
    patient = await step.importRecord(page, clinic, bundle(NAME));
    await page.goto(`${patient}/evaluate`);
    await page.click("[data-test=mark] summary");
    for (const area of ["lower-back-left", "thigh-back-left", "calf-left"]) await page.locator(`#mark .tap[data-area=${area}]`).first().click();
    await page.click("#mark-save");
    await page.click("#to-roots");
    for (const root of ["L3", "L4", "L5", "S1"]) {
      for (const side of ["left", "right"]) await page.selectOption(`[name='f:dermatome[${root},${side}]']`, "normal");
    }
    const saved = page.waitForEvent("load");
    await page.click("#save-answers");
    await saved;
    await page.goto(`${patient}/evaluate`);
    await picture(page, "evaluate");
    await step.evaluate(page, patient);
    await page.goto(`${patient}/plan`);
    await page.click("#propose");
    await page.waitForSelector("[data-test=candidates]");
    await picture(page, "plan");
    await step.planAndSign(page, clinic, patient, "standard");
    await page.goto(`${patient}/consent`);
    await picture(page, "consent");
    await step.consent(page, patient, NAME);
    await page.goto(`${patient}/treat`);
    await picture(page, "treat");
  });

  await t.test("on the table", async () => {
    await step.arriveAndArm(page, patient, step.ARRIVAL);
    session = page.url();
    await step.startPull(page);
    await step.says(page, "phase", /hold/i);
    await page.waitForTimeout(2000);
    await picture(page, "session");
    const other = await page.context().newPage();
    await other.goto(`${session}/patient`);
    const own = await other.locator("#open-table-page").getAttribute("href");
    await other.close();
    const lying = await phone(own);
    await lying.waitForSelector("#stop");
    await picture(lying, "on-the-table");
    await lying.context().close();
    await page.click("#stop");
    await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
    await step.closeAndLeave(page, session, {
      "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0, distal_extent: "thigh-or-upper-arm",
    });
  });

  await t.test("at home, and afterwards", async () => {
    await page.goto(`${patient}/recover`);
    await page.click("#make-link");
    const link = await page.locator("#personal-link").getAttribute("href");
    const home = await phone(`${link}?again=yes`);
    await picture(home, "check-in");
    for (const area of ["lower-back-left", "thigh-back-left"]) await home.locator(`.tap[data-area=${area}]`).first().click();
    await home.locator("[data-body-chart]").evaluate((chart) => chart.scrollIntoView());
    taken.push("check-in-body.jpg");
    if (folder) await home.screenshot({ path: join(folder, "check-in-body.jpg"), type: "jpeg", quality: 78 });
    await step.answerRest(home, "#check-in", "no", {
      "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0,
      "pain_worst_since[spine]": 4, "pain_worst_since[limb-left]": 5, "pain_worst_since[limb-right]": 0,
      distal_extent: "thigh-or-upper-arm", since_function_lost: "no", soreness_gone_after: 1,
    });
    await home.check("#none-of-these");
    await home.click("#check-in-send");
    await home.waitForURL(/told=/);
    await picture(home, "check-in-result");
    await page.goto(`${patient}/account`);
    await page.check("#invite-seen");
    await page.click("#invite-make");
    await page.waitForSelector("#invite-address");
    await picture(page, "account");
    const own = await phone(await page.inputValue("#invite-address"));
    await own.fill("#login", "alma");
    await own.fill("#password", "four words nobody joins");
    await own.click("#welcome-go");
    await own.waitForURL(/login/);
    await own.fill("#login", "alma");
    await own.fill("#password", "four words nobody joins");
    await own.click("#login-go");
    await own.waitForSelector("[data-test=mine-head]");
    await picture(own, "own-record");
    await own.context().close();
    await home.goto(`${clinic.url}${link}?again=yes`);
    await home.check("#check-in [name='f:since_saddle_numbness'][value=yes]");
    await home.waitForSelector("#emergency-now", { state: "visible" });
    await picture(home, "emergency");
    await home.context().close();
    for (const [path, name] of [["/recover", "recover"], ["/safety", "safety"], ["", "patient"], ["/note/1", "note"], ["/review", "review"]]) {
      await page.goto(`${patient}${path}`);
      await picture(page, name);
    }
    await page.goto(`${clinic.url}/knowledge/rules/spinal-implant`);
    await picture(page, "rule");
    await page.goto(`${clinic.url}/design`);
    await picture(page, "design");
    const lead = await desk("clinical-lead");
    await lead.goto(`${clinic.url}/outcomes`);
    await picture(lead, "outcomes");
  });

  await t.test("the tour shows what the walk takes", async () => {
    const text = await readFile(new URL("tour.md", DOCS), "utf8");
    const named = [...text.matchAll(/\(tour\/([a-z-]+\.jpg)\)/g)].map(([, name]) => name);
    assert.deepEqual([...named].sort(), [...taken].sort());
    assert.deepEqual((await readdir(new URL("tour/", DOCS))).sort(), [...named].sort());
  });
});
