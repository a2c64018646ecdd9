// A patient's own account: made on their phone from a link, then their whole record to read and
// to take away.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk } from "./house.mjs";
import { plain, read } from "./paper.mjs";

const PASSWORD = "four words nobody joins";
const fine = async (page) => assert.deepEqual(await faults(page), []);

async function phone(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  return page;
}

/** The page of a patient of the demonstration. */
async function patientOf(page, name) {
  await page.goto(`${clinic.url}/?find=${encodeURIComponent(name)}`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  return `${clinic.url}${found.match(/^\/patients\/[^/?#]+/)[0]}`;
}

test("a patient makes an account on their phone, reads everything, and takes it with them", async () => {
  const staff = await desk();
  const patient = await patientOf(staff, "Tomás");
  await staff.goto(patient);
  await staff.click("#to-account");
  assert.match(await staff.locator("[data-test=invite-head]").textContent(), /no account yet/);
  await fine(staff);
  await staff.check("#invite-seen");
  await staff.click("#invite-make");
  const address = await staff.inputValue("#invite-address");
  await fine(staff);

  const page = await phone(address);
  await fine(page);
  await page.fill("#login", "tomas@example.org");
  await page.fill("#password", PASSWORD);
  await page.click("#welcome-go");
  await page.waitForURL(/\/login/);
  assert.match(await page.locator("[data-test=said]").textContent(), /Log in with it now/);
  await page.fill("#login", "tomas@example.org");
  await page.fill("#password", PASSWORD);
  await page.click("#login-go");
  await page.waitForSelector("[data-test=mine-head]");
  await fine(page);
  const sessions = page.locator("#sessions");
  await sessions.locator("summary").click();
  assert.match(await sessions.textContent(), /On a simulated table, up to \d+ N for \d+ minutes: nothing pulled/);
  await page.locator("[data-test=part]").evaluateAll((parts) => parts.forEach((part) => { part.open = true; }));
  await fine(page);

  const arrives = page.waitForEvent("download");
  await page.click("#mine-json");
  const file = await arrives;
  assert.equal(file.suggestedFilename(), "my-record.json");
  const whole = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.equal(whole.schema, "annulus.record/1");
  assert.ok(whole.events.length > 20);
  const paper = await read(page, page.locator("#mine-pdf"));
  assert.match(paper.about, /Title: +My record/);
  assert.match(plain(paper.text), /Your sessions .*up to \d+ N/);
  assert.match(paper.tags, /\bL\b|LI/);
  await page.context().close();
});

test("an account is made, entered and read without a script", async () => {
  const staff = await desk();
  const patient = await patientOf(staff, "Elin");
  await staff.goto(`${patient}/account`);
  await staff.check("#invite-seen");
  await staff.click("#invite-make");
  const page = await phone(await staff.inputValue("#invite-address"), { javaScriptEnabled: false });
  await page.fill("#login", "elin@example.org");
  await page.fill("#password", PASSWORD);
  await page.click("#welcome-go");
  await page.fill("#login", "elin@example.org");
  await page.fill("#password", PASSWORD);
  await page.click("#login-go");
  await page.waitForSelector("[data-test=mine-head]");
  await page.locator("#facts summary").click();
  assert.ok(await page.locator("#facts li").first().isVisible());
  await page.context().close();
});
