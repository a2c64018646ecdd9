// One patient walked through every page, as docs/tour.md tells it. Each page is looked at for what
// WCAG 2.2 AA forbids, and each has a picture: with ANNULUS_TOUR=FOLDER they are taken anew; without
// it the walk is made all the same, and every picture that the tour names must be one of the walk.

import assert from "node:assert/strict";
import test from "node:test";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { look, looked } from "./axe.mjs";
import { bundle } from "./bundle.mjs";
import { browser, clinic, desk } from "./house.mjs";
import { unseen } from "./routes.mjs";
import { codeOf } from "./totp.mjs";
import * as step from "./steps.mjs";

const NAME = "Alma Fenwick";
const PASSWORD = "four words nobody joins";
const LEFT = { "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0, distal_extent: "thigh-or-upper-arm" };
const TOLD = {
  ...LEFT, "pain_worst_since[spine]": 4, "pain_worst_since[limb-left]": 5, "pain_worst_since[limb-right]": 0,
  since_function_lost: "no", soreness_gone_after: 1,
};
const DOCS = new URL("../../docs/", import.meta.url);
const folder = process.env.ANNULUS_TOUR;
/** The names of the pictures, and the paths that have one. */
const taken = [];
const pictured = new Set();
const wrong = [];

/** A picture of what stands on the screen. */
async function picture(page, name, top = true) {
  taken.push(`${name}.jpg`);
  pictured.add(new URL(page.url()).pathname);
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  if (top) await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 70 });
}

/** A page of the tour: its picture, and a look at it. */
async function see(page, name) {
  await picture(page, name);
  wrong.push(...(await look(page, name)));
}

/** A state of a page that has its picture already: only looked at. */
const check = async (page, name) => wrong.push(...(await look(page, name)));

/** Whatever was wrong with the pages so far. */
const sound = () => assert.deepEqual(wrong.splice(0), []);

async function phone(path) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(new URL(path, clinic.url).href);
  return page;
}

/** Opens pages one after the other; a name makes a picture. */
async function walk(page, stops) {
  for (const [path, name] of stops) {
    await page.goto(`${clinic.url}${path}`);
    await see(page, name);
  }
}

test("one patient is walked through every page of the tour", async (t) => {
  let page;
  let patient;
  let session;
  let link;

  await t.test("at the door", async () => {
    const door = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await walk(door, [["/login", "login"]]);
    await door.fill("#login", "somebody");
    await door.fill("#password", "not the password");
    await door.click("#login-go");
    await door.waitForLoadState();
    await check(door, "a login that is refused");
    await door.context().close();
    const home = await phone("/c/");
    await see(home, "check-in-start");
    await home.goto(`${clinic.url}/c/00000000000000000000000000000000`);
    await see(home, "link-gone");
    await home.context().close();
    sound();
  });

  await t.test("the clinic", async () => {
    const lead = await desk("clinical-lead");
    await walk(lead, [
      ["/knowledge", "knowledge"], ["/knowledge/rules/spinal-implant", "rule"], ["/knowledge/facts/spinal_implant", "fact"],
      ["/knowledge/evidence", "evidence"], ["/outcomes", "outcomes"], ["/mail", "mail"],
      ["/clock", "clock"], ["/account", "password"], ["/design", "design"],
    ]);
    await lead.context().close();
    sound();
  });

  await t.test("a second factor", async () => {
    const own = await desk("administrator");
    await own.goto(`${clinic.url}/users`);
    const name = "ines.second";
    for (const [field, value] of [["login", name], ["name", "Ines Second"], ["password", PASSWORD]]) await own.fill(`#u-${field}`, value);
    await own.selectOption("#u-role", "front-desk");
    await own.click("#user-add");
    await own.waitForURL(/said=saved/);
    await check(own, "users, one with a password that somebody else chose");
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const enter = async (password) => {
      await page.goto(`${clinic.url}/login`);
      await page.fill("#login", name);
      await page.fill("#password", password);
      await page.click("#login-go");
    };
    await enter(PASSWORD);
    await page.waitForSelector("[data-test=password-first]");
    await check(page, "a password that somebody else chose");
    const chosen = `${PASSWORD}, my own`;
    await page.fill("#old", PASSWORD);
    await page.fill("#new", chosen);
    await page.click("#password-change");
    await page.waitForURL(/login/);
    await enter(chosen);
    await page.waitForSelector("#logout", { state: "attached" });
    await walk(page, [["/account/second-factor", "second-factor"]]);
    const secret = await page.textContent("[data-test=second-secret]");
    await page.fill("#code", codeOf(secret, -1));
    await page.fill("#password", chosen);
    await page.click("#second-set");
    await page.waitForSelector("[data-test=second-paper]");
    await check(page, "codes on paper");
    await enter(chosen);
    await page.waitForSelector("#code-go");
    await see(page, "login-code");
    await page.fill("#code", "000000");
    await page.click("#code-go");
    await page.waitForSelector("[data-test=code-wrong]");
    await check(page, "a code that is refused");
    await page.fill("#code", codeOf(secret, 0));
    await page.click("#code-go");
    await page.waitForSelector("#logout", { state: "attached" });
    await page.goto(`${clinic.url}/account/second-factor`);
    await check(page, "a second factor that is asked for");
    for (const one of [own, page]) await one.context().close();
    sound();
  });

  await t.test("before the table", async () => {
    page = await desk("practitioner", false);
    await walk(page, [["/", "today"], ["/diary", "diary"], ["/register", "register"], ["/import", "import"]]);
    patient = await step.importRecord(page, clinic, bundle(NAME));
    const of = (part) => `${new URL(patient).pathname}${part}`;
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
    await walk(page, [
      [of("/facts"), "facts"], [of("/evaluate"), "evaluate"], [of("/evaluate?form=intake"), "intake"],
      [of("/therapies"), "therapies"], [of("/referrals"), "referrals"],
    ]);
    await step.answerWhole(page, patient, { can_lie: "no" });
    await walk(page, [[of("/permissions/cannot-lie"), "permission"]]);
    await page.fill("#o-reason", "Lies with a wedge under the knees, tried for five minutes.");
    await page.fill("#o-examination", "Tried on the table; strength and feeling unchanged after it.");
    await page.check("#o-told");
    await page.click("#override-go");
    await page.waitForURL(/\/evaluate/, { waitUntil: "commit" });
    await check(page, "a rule that was overridden");
    await page.goto(`${patient}/evaluate?form=all`);
    await page.$$eval("#answers-all details", (sections) => sections.forEach((section) => { section.open = true; }));
    await check(page, "every question");
    await page.locator("#answers-all [name='f:age']").evaluate((field) => { field.type = "text"; field.value = "heavy"; field.form.noValidate = true; });
    await page.click("#save-answers");
    await page.waitForSelector("[data-test=fault]");
    await see(page, "fault");
    await page.evaluate(() => sessionStorage.clear());
    sound();
  });

  await t.test("a plan, and what is agreed", async () => {
    await step.evaluate(page, patient);
    await page.goto(`${patient}/plan`);
    await page.click("#propose");
    await page.waitForSelector("[data-test=candidates]");
    await see(page, "plan");
    await page.locator("[data-test=candidates] a[href*='candidate=']").first().click();
    await page.waitForSelector("#look-form");
    await check(page, "a plan's sliders");
    await step.planAndSign(page, clinic, patient, "standard");
    await page.goto(`${patient}/consent`);
    await see(page, "consent");
    await step.consent(page, patient, NAME);
    await page.goto(`${patient}/treat`);
    await see(page, "treat");
    await step.arrive(page, patient, step.ARRIVAL);
    await check(page, "Treat after arrival");
    sound();
  });

  await t.test("on the table", async () => {
    await step.arriveAndArm(page, patient, step.ARRIVAL, { arrived: true });
    session = page.url();
    await check(page, "a session that is armed");
    await step.startPull(page);
    await step.says(page, "phase", /hold/i);
    await page.waitForTimeout(2000);
    await see(page, "session");
    const other = await page.context().newPage();
    await other.goto(`${session}/patient`);
    await see(other, "session-code");
    const own = await other.locator("#open-table-page").getAttribute("href");
    await other.close();
    const lying = await phone(own);
    await lying.waitForSelector("#stop");
    await see(lying, "on-the-table");
    await page.click("#stop");
    await step.until(page, () => step.force(page), (force) => force < 20, 15_000);
    await check(page, "a session that was stopped");
    await step.says(lying, "table-head", /let go/);
    await check(lying, "the patient's page after STOP");
    await step.closeSession(page, session);
    await see(page, "session-ended");
    await step.says(lying, "table-head", /It is over/);
    await check(lying, "the patient's page when it is over");
    await lying.context().close();
    await page.click("#to-leaving");
    await page.waitForSelector("[data-test=leaving-head]");
    await see(page, "leaving");
    const leaving = page.url();
    await step.leave(page, LEFT);
    await page.goto(leaving);
    await check(page, "who has left");
    sound();
  });

  await t.test("at home", async () => {
    await page.goto(`${patient}/recover`);
    await page.click("#make-link");
    link = await page.locator("#personal-link").getAttribute("href");
    await check(page, "Recover with its link");
    const home = await phone(`${link}?again=yes`);
    await see(home, "check-in");
    for (const area of ["lower-back-left", "thigh-back-left"]) await home.locator(`.tap[data-area=${area}]`).first().click();
    await home.locator("[data-body-chart]").evaluate((chart) => chart.scrollIntoView());
    await picture(home, "check-in-body", false);
    await step.answerRest(home, "#check-in", "no", TOLD);
    await home.check("#none-of-these");
    await home.click("#check-in-send");
    await home.waitForURL(/told=/);
    await see(home, "check-in-result");
    await home.goto(`${clinic.url}${link}?again=yes`);
    await home.check("#check-in [name='f:since_saddle_numbness'][value=yes]");
    await home.waitForSelector("#emergency-now", { state: "visible" });
    await see(home, "emergency");
    await home.click("#emergency-send");
    await home.waitForURL(/told=/);
    await check(home, "what an emergency means");
    await home.context().close();
    sound();
  });

  await t.test("an account of their own", async () => {
    await page.goto(`${patient}/account`);
    await page.check("#invite-seen");
    await page.click("#invite-make");
    await page.waitForSelector("#invite-address");
    await see(page, "account");
    const own = await phone(await page.inputValue("#invite-address"));
    await see(own, "welcome");
    for (const go of ["#welcome-go", "#login-go"]) {
      await own.fill("#login", "alma");
      await own.fill("#password", PASSWORD);
      await own.click(go);
      if (go === "#welcome-go") await own.waitForURL(/login/);
    }
    await own.waitForSelector("[data-test=mine-head]");
    await own.goto(`${patient}/mine`);
    await see(own, "own-record");
    await own.goto(`${clinic.url}/account`);
    await check(own, "a patient's own login");
    await own.context().close();
    sound();
  });

  await t.test("afterwards", async () => {
    const of = (part) => `${new URL(patient).pathname}${part}`;
    await page.goto(`${patient}/recover`);
    const enter = new URL(await page.locator("#enter-check-in").getAttribute("href"), clinic.url).pathname;
    await walk(page, [
      [of("/recover"), "recover"], [enter, "enter"], [of("/safety"), "safety"], [of(""), "patient"], [of("/note/1"), "note"],
      [of("/review"), "review"], [of("/review/rmdq"), "rmdq"], [of("/contact"), "contact"],
    ]);
    // What was decided and signed once is opened from the timeline.
    for (const [part, name] of [["decisions", "former-decision"], ["plans", "former-plan"]]) {
      await page.goto(patient);
      await page.goto(await page.locator(`a[href*="/${part}/"]`).last().evaluate((link) => link.href));
      await see(page, name);
    }
    await page.goto(`${patient}/note/1`);
    await page.fill("#plan", "Home exercise twice a day. Next session as booked.");
    await page.fill("#note-password", clinic.password("practitioner").password);
    await page.click("#note-sign");
    await page.waitForSelector("[data-test=signed]");
    await check(page, "a note that is signed");
    await page.goto(`${patient}/review`);
    await page.click("#review");
    await page.waitForSelector("[data-test=review]");
    await check(page, "a review that was made");
    const keeper = await desk("administrator");
    await walk(keeper, [["/users", "users"], ["/clients", "clients"]]);
    await keeper.goto(`${clinic.url}/systems`);
    await keeper.fill("#s-name", "County Hospital");
    await keeper.fill("#s-base", "https://ehr.county-hospital.example/fhir/R4");
    await keeper.fill("#s-client", "annulus-7f3a");
    await keeper.click("#system-register");
    await keeper.waitForSelector("[data-system]");
    await walk(keeper, [["/systems", "systems"], ["/audit", "audit"]]);
    await keeper.click("[data-test=audit-lines] a >> nth=0");
    await keeper.waitForSelector("#to-keeping");
    await check(keeper, "the lines of one record");
    await walk(keeper, [[of("/keeping"), "keeping"]]);
    await keeper.context().close();
    const lead = await desk("clinical-lead");
    await walk(lead, [["/overrides", "overrides"], ["/research", "research"], [of("/restriction"), "restriction"]]);
    // Restricted to the lead: whoever else needs the record at once says why, and that is reviewed.
    await lead.check("#team-nadia");
    await lead.fill("#restrict-reason", "A colleague is treated here.");
    await lead.click("#restrict");
    await lead.waitForSelector("[data-test=restriction]");
    await page.goto(patient);
    await page.waitForSelector("[data-test=emergency-team]");
    await see(page, "emergency-access");
    await page.fill("#emergency-reason", "Dr Haddad is away, and the leg is numb since an hour.");
    await page.click("#emergency-open");
    await page.waitForSelector("[data-test=restricted]");
    await lead.goto(clinic.url);
    await lead.click("#to-openings");
    await lead.waitForSelector("[data-test=openings]");
    await see(lead, "openings");
    await lead.fill("[data-test=openings] input[name=note]", "Nobody else of the team was in the house.");
    await lead.click("button[value=justified]");
    await lead.waitForSelector("[data-test=opening-reviewed]");
    await check(lead, "an opening that was reviewed");
    await lead.context().close();
    sound();
  });

  await t.test("a phone without its clinic", async () => {
    const home = await phone(`${link}?again=yes`);
    const copies = () => home.evaluate(async () => (await (await caches.open((await caches.keys())[0] ?? "none")).keys()).map(({ url }) => url));
    await step.until(home, copies, (all) => all.includes(`${clinic.url}/c/`));
    await clinic.killServer();
    const again = await home.context().newPage();
    await home.close();
    await again.goto(new URL(`${link}?again=yes`, clinic.url).href);
    await again.waitForSelector("#check-in-copy", { state: "visible" });
    await see(again, "offline");
    await again.context().close();
    sound();
  });

  await t.test("every page was looked at, and has its picture in the tour", async () => {
    assert.deepEqual(await unseen(looked), [], "not looked at");
    assert.deepEqual(await unseen(pictured), [], "without a picture");
    const text = await readFile(new URL("tour.md", DOCS), "utf8");
    const named = [...text.matchAll(/\(tour\/([a-z-]+\.jpg)\)/g)].map(([, name]) => name);
    assert.deepEqual([...named].sort(), [...taken].sort());
    assert.deepEqual((await readdir(new URL("tour/", DOCS))).sort(), [...named].sort());
  });
});
