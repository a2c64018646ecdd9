// Annulus opened from another record system: from a link on its site, through both logins, to the
// record that was taken; and again. Cookies, sites and frames are as Chromium has them.

import assert from "node:assert/strict";
import { after } from "node:test";
import test from "node:test";
import { faults } from "./axe.mjs";
import { CLIENT, Ehr } from "./ehr.mjs";
import { browser, clinic, desk, ways } from "./house.mjs";

const FONT = "https://fonts.googleapis.com";
let ehr;

test("an administrator registers the record system", async () => {
  ehr = await Ehr.open(clinic.url, "osteoporosis_and_tubal_pregnancy");
  ways.add(ehr.url);
  // Its own pages ask for it; nothing is sent.
  ways.add(FONT);
  const keeper = await desk("administrator");
  await keeper.goto(`${clinic.url}/systems`);
  await keeper.fill("#s-name", "County Hospital");
  await keeper.fill("#s-base", `${ehr.url}/fhir/`);
  await keeper.fill("#s-client", CLIENT);
  await keeper.click("#system-register");
  await keeper.waitForSelector("[data-system]");
  assert.deepEqual(await faults(keeper), []);
  await picture(keeper, "systems");
  await keeper.context().close();
});
after(() => ehr?.close());

/** A picture for whoever looks at the pages: ANNULUS_SMART=FOLDER. */
async function picture(page, name) {
  const folder = process.env.ANNULUS_SMART;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

async function stranger() {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(30_000);
  await page.route(`${FONT}/**`, (route) => route.abort());
  page.on("pageerror", (error) => assert.fail(`the page threw: ${error.message}`));
  return page;
}

/** Opens Annulus from the chart of the other record system. */
async function launch(page) {
  await page.goto(`${ehr.url}/chart`);
  await page.click("#annulus");
}

async function logInHere(page) {
  await page.waitForSelector("#login-go");
  const { login, password } = clinic.password("practitioner");
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("#login-go");
}

async function logInThere(page) {
  await page.waitForSelector("input[name=login]:not(#login)");
  await page.fill("input[name=login]", "dr-frame");
  await page.fill("input[name=password]", "anything");
  await page.click("button[type=submit]");
  await page.click("form button[type=submit]:has-text('Continue')");
}

const shown = (page) => page.textContent("[data-test=launch-head]");

test("a patient is launched, taken, and launched again", async (t) => {
  const page = await stranger();
  const carried = new Map();
  page.on("request", async (request) => {
    const { pathname, origin } = new URL(request.url());
    if (origin === new URL(clinic.url).origin) carried.set(pathname, (await request.allHeaders()).cookie ?? "");
  });
  let record;

  await t.test("through the login here and the login there", async () => {
    await launch(page);
    await logInHere(page);
    await logInThere(page);
    assert.match(await shown(page), /Runolfsdottir/);
    await page.waitForSelector("text=Practitioner/dr-frame");
    await page.waitForSelector("table.facts tr");
    assert.deepEqual(await faults(page), []);
    await picture(page, "launch");
  });

  await t.test("the browser brought the login's cookie on this site's own pages alone", () => {
    assert.doesNotMatch(carried.get("/launch"), /annulus=/);
    assert.doesNotMatch(carried.get("/launch/callback"), /annulus=/, "SameSite=Strict holds");
    assert.match(carried.get("/launch/back"), /annulus=/);
  });

  await t.test("and the record is taken", async () => {
    await page.selectOption("#region", "lumbar");
    await page.click("#launch-take");
    await page.waitForURL(/\/patients\/[0-9a-f-]{36}/);
    record = new URL(page.url()).pathname;
    await page.goto(`${clinic.url}${record}/facts`);
    assert.match(await page.textContent("table.facts"), /\(osteoporosis\)/);
  });

  await t.test("a second launch brings nothing new and opens the record at once", async () => {
    await launch(page);
    await page.waitForURL((url) => url.pathname === record);
    assert.match(await page.textContent("[data-test=said]"), /nothing new/);
  });

  await t.test("what is new there is offered, and added", async () => {
    const weight = ehr.record.find((one) => one.code?.coding?.[0].code === "29463-7");
    ehr.record.push({ ...weight, id: "of-today", effectiveDateTime: new Date().toISOString(), valueQuantity: { ...weight.valueQuantity, value: 61.5 } });
    await launch(page);
    assert.match(await shown(page), /is here already/);
    const rows = await page.$$eval("table.facts tbody tr", (all) => all.map((row) => row.cells[0].textContent));
    // The published record is some years old: of what it said before only the age is another.
    assert.deepEqual(rows, ["Age (age)", "Body weight (body_weight)"]);
    assert.match(await page.textContent("table.facts"), /61\.5/);
    assert.deepEqual(await faults(page), []);
    await picture(page, "launch-again");
    await page.click("#launch-take");
    await page.waitForURL((url) => url.pathname === record);
    await page.goto(`${clinic.url}${record}/facts`);
    assert.match(await page.textContent("table.facts"), /61\.5/);
  });
  await page.context().close();
  await clinic.verifyJournal();
});

test("who refuses there is told here that nothing was read", async () => {
  const page = await stranger();
  await launch(page);
  await logInHere(page);
  await page.waitForSelector("input[name=login]:not(#login)");
  await page.click("a:has-text('Cancel')");
  await page.waitForSelector("[data-test=fault-code]");
  assert.equal(await page.textContent("[data-test=fault-code]"), "launch-refused");
  await picture(page, "refused");
  await page.context().close();
});

test("in a frame of another site nothing appears", async () => {
  const page = await stranger();
  await page.goto(`${ehr.url}/chart?frame`);
  await page.waitForTimeout(500);
  const frame = page.frames().find((one) => one !== page.mainFrame());
  assert.equal(await frame.locator("#launch-on, #login-go").count(), 0);
  await page.context().close();
});
