// What somebody has typed is not lost: not with a login that ended, not with a page that failed,
// not with a reload; it is nobody else's, and it goes once it was taken.

import assert from "node:assert/strict";
import test from "node:test";
import { bundle } from "./bundle.mjs";
import { clinic, desk } from "./house.mjs";
import * as step from "./steps.mjs";

const WORDS = "lies with a wedge under the left hip";

async function logInHere(page, role) {
  const { login, password } = clinic.password(role);
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("#login-go");
}

test("what was typed outlives a login", async (t) => {
  const page = await desk("practitioner", false);
  const patient = await step.importRecord(page, clinic, bundle("Dora Holt"));
  const drafts = () => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("draft ")).length);
  const expire = () => page.context().clearCookies();
  const form = `${patient}/evaluate?form=all`;
  const age = page.locator("#answers-all [name='f:age']");
  const open = async () => {
    await page.goto(form);
    await page.click("details[data-section=person] > summary");
  };

  await t.test("a form that was sent after the login ended is filled again, and then saved", async () => {
    await open();
    await age.fill("71");
    assert.equal(await drafts(), 1);
    await expire();
    await page.click("#save-answers");
    await page.waitForSelector("#login");
    await logInHere(page, "practitioner");
    await page.waitForURL(form);
    assert.equal(await age.inputValue(), "71");
    assert.ok(await age.isVisible(), "its section is open");
    assert.ok(await page.isVisible("#drafts"));
    await page.click("#save-answers");
    await page.waitForLoadState();
    assert.equal(await drafts(), 0, "it was taken");
    assert.equal(await page.isVisible("#drafts"), false);
  });

  await t.test("a reload gives it back, and it can be taken away", async () => {
    await open();
    await age.fill("80");
    await page.reload();
    assert.equal(await age.inputValue(), "80");
    await page.click("#draft-discard");
    await page.waitForFunction(() => document.getElementById("drafts").hidden);
    assert.equal(await age.inputValue(), "");
    assert.equal(await drafts(), 0);
  });

  await t.test("what the server refused is still there on the way back", async () => {
    await open();
    await age.evaluate((field) => { field.type = "text"; field.form.noValidate = true; });
    await age.fill("heavy");
    await page.click("#save-answers");
    await page.waitForSelector("[data-test=fault]");
    await page.goBack();
    assert.equal(await drafts(), 1);
    await page.evaluate(() => sessionStorage.clear());
  });

  await t.test("it is nobody else's", async () => {
    await open();
    await age.fill("92");
    await expire();
    await page.click("#save-answers");
    await page.waitForSelector("#login");
    await logInHere(page, "clinical-lead");
    await page.waitForURL(form);
    assert.equal(await age.inputValue(), "");
    assert.equal(await drafts(), 0);
    await open();
    await age.fill("93");
    await page.click("#logout");
    await page.waitForSelector("#login");
    assert.equal(await drafts(), 0, "who leaves leaves nothing");
  });
});

test("what is sent again after going back is done once", async () => {
  const page = await desk();
  const patient = await step.importRecord(page, clinic, bundle("Gerd Back"));
  await page.goto(`${patient}/therapies`);
  const fill = async () => {
    for (const [id, words] of [["kind", "exercise"], ["t-region", "low back"], ["response", "well"]]) await page.fill(`#${id}`, words);
  };
  const send = async () => {
    await page.click("#therapy-save");
    await page.waitForSelector("[data-test=said]");
  };
  const visits = () => page.locator("[data-test=therapies] > li").count();
  await fill();
  await send();
  assert.equal(await visits(), 1);
  await page.goBack();
  await page.waitForSelector("#therapy-save");
  assert.equal(await page.inputValue("#kind"), "exercise", "the page is as it was left");
  await send();
  assert.equal(await visits(), 1, "the same act");
});
