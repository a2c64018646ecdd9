// What must work however somebody comes: on a phone and on a desk, by mouse, touch or keys alone,
// with scripts and without. A check-in and what it means, an emergency, the own record, the page on
// the table with STOP, and the practitioner's way once by keys alone and once on a phone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { long } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { AGAIN, FIRST, Hand } from "./hand.mjs";
import { browser, clinic, desk } from "./house.mjs";
import { byKeys, tabTo } from "./keys.mjs";
import * as step from "./steps.mjs";

const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1280, height: 800 } },
};
const ALL = Object.keys(SCREENS).flatMap((screen) =>
  ["touch", "keys"].flatMap((hand) => [true, false].map((script) => ({ screen, hand, script }))));
/** The short form takes four of the eight, among which any two things come together. */
const MODES = ALL.filter(({ screen, hand, script }) => long || script === ((screen === "phone") === (hand === "keys")));
const called = ({ screen, hand, script }) => `${screen}, ${hand}, ${script ? "with" : "without"} scripts`;
const PASSWORD = "four words nobody joins";
const TOLD = {
  "pain_now[spine]": 3, "pain_now[limb-left]": 3, "pain_now[limb-right]": 0,
  "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 3, "pain_worst_since[limb-right]": 0,
  distal_extent: "spine", since_function_lost: "no",
};
const LEFT = { "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0, distal_extent: "thigh-or-upper-arm" };

/** A page of somebody who comes in this way. */
async function comer({ screen, hand, script }) {
  const context = await browser.newContext({ ...SCREENS[screen], javaScriptEnabled: script });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => assert.fail(`the page threw: ${error.message}`));
  return hand === "keys" ? byKeys(page) : page;
}

test("a check-in is answered and read, and an emergency is shown and sent", async (t) => {
  const staff = await desk();
  for (const mode of MODES) {
    await t.test(called(mode), async () => {
      const { url } = await step.link(staff, clinic, "Tomás");
      const page = await comer(mode);
      await page.goto(url);
      await step.answerRest(page, "#check-in", "no", TOLD);
      await page.check("#none-of-these");
      await page.click("#check-in-send");
      await page.waitForURL(/told=/, { waitUntil: "load" });
      assert.notEqual(await page.locator("[data-test=result]").getAttribute("data-result"), "emergency");
      assert.ok((await page.locator("[data-test=advice] li").count()) > 0, "what to do tonight");
      assert.match(await page.locator("[data-test=result]").innerText(), /call/i, "when to call");

      // Back and again: only the one sign, and it is shown before it is sent.
      await page.goto(url);
      const shown = page.locator("#emergency-now");
      assert.equal(await shown.isVisible(), false);
      await page.check("#check-in [name='f:since_saddle_numbness'][value=yes]");
      await shown.waitFor({ state: "visible" });
      assert.match(await shown.innerText(), /emergency department/i);
      await tabTo(page, shown.locator("a.call"));
      await page.click("#emergency-send");
      await page.waitForURL(/told=/, { waitUntil: "load" });
      assert.equal(await page.locator("[data-test=result]").getAttribute("data-result"), "emergency");
      await page.context().close();
    });
  }
  await staff.context().close();
});

test("a routine check-in takes a thumb less than a minute, and the first of all little more", async () => {
  const staff = await desk();
  const { url } = await step.link(staff, clinic, "Tomás");
  const page = await comer(ALL[0]);
  await page.goto(url);
  const [first, again] = [new Hand(page, FIRST), new Hand(page, AGAIN)];
  const takes = (words, touches) => [first, again].forEach((hand) => hand.takes(words, touches));
  await page.tap(".tap[data-area=lower-back-left]");
  takes("", 1);
  for (const part of await page.locator("#check-in fieldset").all()) {
    // What is ticked where it fits asks a patient who is well for no answer; how far it reaches the body has said.
    const facts = await part.evaluate((part) => [...new Set([...part.querySelectorAll("input[type=radio], select")].map((field) => field.name))]);
    const rest = (await part.getAttribute("data-test")) === "rest";
    const asked = facts.filter((name) => name !== "f:distal_extent");
    takes(rest ? await part.innerText() : await part.locator("legend").innerText(), rest ? 1 : asked.length);
  }
  assert.equal(await page.inputValue("[name='f:distal_extent']"), "spine");
  await step.answerRest(page, "#check-in", "no", TOLD);
  await page.tap("#none-of-these");
  takes(await page.locator("#check-in-send").innerText(), 1);
  await page.tap("#check-in-send");
  await page.waitForURL(/told=/);
  assert.ok(again.inputs > 15, `${again.inputs} inputs are too few to have asked everything`);
  assert.ok(again.seconds < 60, `${again.inputs} inputs take ${again.seconds.toFixed(0)} s`);
  assert.ok(first.seconds < 75, `the first time they take ${first.seconds.toFixed(0)} s`);
  await page.context().close();
  await staff.context().close();
});

test("an account is made and the own record read and taken away", async (t) => {
  const staff = await desk();
  await staff.goto(`${clinic.url}/?find=Elin`);
  const found = await staff.locator("[data-test=patients] a").first().getAttribute("href");
  const [, patient] = found.match(/(\/patients\/[0-9a-f-]+)/);
  await staff.goto(`${clinic.url}${patient}/account`);
  await staff.check("#invite-seen");
  await staff.click("#invite-make");
  const address = await staff.inputValue("#invite-address");
  await staff.context().close();
  const enter = async (page, go) => {
    await page.fill("#login", "elin@example.org");
    await page.fill("#password", PASSWORD);
    await page.click(go);
  };
  for (const [turn, mode] of [...MODES].reverse().entries()) {
    await t.test(called(mode), async () => {
      const page = await comer(mode);
      if (turn === 0) {
        await page.goto(address);
        await enter(page, "#welcome-go");
        await page.waitForURL(/login/);
      } else await page.goto(`${clinic.url}/login`);
      await enter(page, "#login-go");
      await page.waitForSelector("[data-test=mine-head]");
      await page.locator("#facts summary").click();
      await page.locator("#facts li").first().waitFor({ state: "visible" });
      const arrives = page.waitForEvent("download");
      await page.click("#mine-json");
      const record = JSON.parse(await readFile(await (await arrives).path(), "utf8"));
      assert.equal(record.schema, "annulus.record/1");
      // The pages of links say whom to call, and it is within reach.
      await page.goto(`${clinic.url}/c/`);
      await tabTo(page, page.locator("a[href^='tel:']").first());
      await page.context().close();
    });
  }
});

/** Reloaded, and left and come back to: the same page has control, and the table still pulls. */
async function survives(page, act) {
  await act();
  await step.says(page, "control", /you control/i);
  await step.says(page, "phase", /hold/i);
  assert.ok((await step.until(page, () => step.force(page), (force) => force > 100)) > 100, "it pulls");
  await step.says(page, "set", /set-point 1\d\d N/);
}

/** STOP is pressed and answered; without a script the page that follows is there, too. */
async function stops(lying, mode) {
  const answered = lying.waitForResponse((answer) => answer.url().endsWith("/stop"));
  const followed = mode.script ? null : lying.waitForNavigation();
  await lying.click("#stop");
  assert.ok((await answered).status() < 400, called(mode));
  await followed;
}

test("a practitioner goes the whole way by keys alone, and a page that is loaded again keeps its table", async (t) => {
  const raw = await desk("practitioner", false);
  const page = byKeys(raw);
  const name = "Kaya Lindholm";
  const session = await step.pulling(page, clinic, bundle(name), name);
  const [patient] = session.split("/session/");

  await t.test("a reload, and back and forward, let nothing go", async () => {
    await survives(page, () => page.reload());
    await survives(page, () => page.reload());
    await survives(page, async () => { await page.goto(`${clinic.url}/account`); await page.goBack(); });
    await survives(page, async () => { await page.goBack(); await page.goForward(); });
  });

  await t.test("the patient stops it, in every way there is", async () => {
    const other = await page.context().newPage();
    await other.goto(`${session}/patient`);
    const own = await other.locator("#open-table-page").getAttribute("href");
    await other.close();
    // The first of them stops it by keys and without a script; who presses after that is answered, too.
    const ways = [...MODES].reverse();
    for (const mode of ways) {
      const lying = await comer(mode);
      await lying.goto(own);
      assert.match(await lying.locator("main").innerText(), /STOP/);
      await stops(lying, mode);
      if (mode === ways[0]) await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
      const head = async () => {
        if (!mode.script) await lying.goto(own);
        return lying.locator("[data-test=table-head]").innerText();
      };
      await step.until(lying, head, (text) => /let(ting)? go/.test(text));
      await lying.context().close();
    }
  });

  await t.test("it is closed, and reviewed", async () => {
    await step.closeAndLeave(page, session, LEFT);
    await page.goto(`${patient}/review`);
    await page.click("#review");
    await page.waitForSelector("[data-test=review]");
  });
  await raw.context().close();
});

test("a practitioner goes the whole way on a phone", async () => {
  const page = await desk("practitioner", false, SCREENS.phone);
  const name = "Piet Marlow";
  const session = await step.pulling(page, clinic, bundle(name), name);
  const [patient] = session.split("/session/");
  const stop = await page.locator("#stop").boundingBox();
  assert.ok(stop.height >= 96 && stop.y + stop.height <= 844, "STOP is in reach and 96 px high");
  await page.tap("#stop");
  await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
  await step.closeAndLeave(page, session, LEFT);
  await page.goto(`${patient}/review`);
  await page.tap("#review");
  await page.waitForSelector("[data-test=review]");
  await page.context().close();
});
