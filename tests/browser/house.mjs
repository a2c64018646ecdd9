// A clinic and a browser for one file of tests, opened before the first and closed after the last.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { Clinic, openBrowser } from "./clinic.mjs";
import { logIn } from "./steps.mjs";

/** Both are there once the first test begins. */
export let clinic;
export let browser;

/** Ways to the clinic beside its own address, and what pages asked of anybody else. */
export const ways = new Set();
const abroad = new Set();

/** Every request of every page goes to the clinic: a page needs nothing from elsewhere, and tells nobody. */
function keepsToTheHouse(browser) {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const ours = origin === new URL(clinic.url).origin || ways.has(origin) || ["data:", "blob:", "about:"].includes(protocol);
      if (!ours) abroad.add(request.url());
    });
    return context;
  };
  return browser;
}

before(async () => {
  clinic = await Clinic.open({ speed: 10 });
  browser = keepsToTheHouse(await openBrowser());
});

after(async () => {
  await browser?.close();
  await clinic?.close();
  assert.deepEqual([...abroad], [], "a page asked something of somebody else");
});

/** A logged-in page; an error of its scripts fails the test, and where `strict` whatever else it complains of. */
export async function desk(role = "practitioner", strict = true, look = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...look });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => assert.fail(`the page threw: ${error.message}`));
  // What a page asks for by itself may meet a server that a test has stopped: the page says so then.
  const asks = (message) => /\/(inbox|renewed)(\?|$)/.test(message.location().url) && /net::ERR_/.test(message.text());
  if (strict) page.on("console", (message) => assert.ok(message.type() !== "error" || asks(message), message.text()));
  await logIn(page, clinic, role);
  return page;
}
