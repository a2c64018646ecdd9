// A clinic and a browser for one file of tests, opened before the first and closed after the last.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { Clinic, openBrowser } from "./clinic.mjs";
import { logIn } from "./steps.mjs";

/** Both are there once the first test begins. */
export let clinic;
export let browser;

before(async () => {
  clinic = await Clinic.open({ speed: 10 });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await clinic?.close();
});

/** A logged-in page; an error of its scripts fails the test, and where `strict` whatever else it complains of. */
export async function desk(role = "practitioner", strict = true) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => assert.fail(`the page threw: ${error.message}`));
  if (strict) page.on("console", (message) => assert.notEqual(message.type(), "error", message.text()));
  await logIn(page, clinic, role);
  return page;
}
