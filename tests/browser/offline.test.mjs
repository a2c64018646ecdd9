// A check-in on a phone without a network: it opens, says what the answers mean, keeps them
// when it is closed, and sends them when there is a network again.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import test, { after, before } from "node:test";
import { faults } from "./axe.mjs";
import { browser, clinic, desk, ways } from "./house.mjs";
import * as step from "./steps.mjs";

const WELL = {
  "pain_now[spine]": 3, "pain_now[limb-left]": 0, "pain_now[limb-right]": 0,
  "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 0, "pain_worst_since[limb-right]": 0,
  distal_extent: "spine", since_function_lost: "no",
};

/** The line from phones to the clinic, which can be cut: no worker of a browser gets round it. */
const line = {
  open: new Set(),
  there: true,
  busy: false,
  url: "",
  server: createServer((near) => {
    if (!line.there) return near.destroy();
    if (line.busy) {
      near.on("error", () => {});
      near.on("data", () => near.end("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
      return near;
    }
    const far = connect(new URL(clinic.url).port, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]]) {
      line.open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => { line.open.delete(one); other.destroy(); });
    }
  }),
  cut() {
    line.there = false;
    for (const socket of line.open) socket.destroy();
  },
  mend() { line.there = true; line.busy = false; },
};
before(() => new Promise((ready) => {
  line.server.listen(0, "127.0.0.1", () => {
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    ways.add(line.url);
    ready();
  });
}));
after(() => { line.cut(); line.server.close(); });

/** A phone that opened a personal link of this patient once, and kept its form. */
async function phone(name) {
  const staff = await desk();
  const { url: direct, patient } = await step.link(staff, clinic, name);
  const url = direct.replace(clinic.url, line.url);
  line.mend();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(url);
  const copies = () => page.evaluate(async () => {
    const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map(({ url }) => url);
  });
  // The start page is kept last.
  await step.until(page, copies, (all) => all.includes(`${line.url}/c/`));
  return { staff, context, page, url, patient };
}

/** The link opened without a network. */
async function closedAndOpened(context, page, url) {
  await page.close();
  line.cut();
  const again = await context.newPage();
  await again.goto(url);
  assert.ok(await again.isVisible("#check-in-copy"), "the page says that it is a copy");
  return again;
}

async function answer(page, fall) {
  await step.answerRest(page, "#check-in", "no", { ...WELL, since_fall: fall });
  await page.check("#none-of-these");
}

/** Whether the entry of the link is still on the phone. */
const kept = (page) => page.evaluate(async () => (await kept.all()).length);
const toldOf = (staff) => staff.locator("[data-test=triage] > li").count();

test("a check-in opens, is answered and means something without a network, and arrives later", async () => {
  const { staff, context, page, url, patient } = await phone("Tomás");
  await staff.goto(`${patient}/recover`);
  const before = await toldOf(staff);
  const offline = await closedAndOpened(context, page, url);
  await answer(offline, "yes");
  await offline.click("#check-in-send");
  const said = offline.locator("#kept-result [data-test=kept]");
  await said.waitFor();
  assert.equal(await offline.getAttribute("#kept-result", "data-result"), "see-clinician-today");
  assert.match(await said.textContent(), /has not reached your clinic/);
  assert.match(await said.textContent(), /seen today/);
  assert.match(await said.textContent(), /fall/i);
  for (const colorScheme of ["light", "dark"]) {
    await offline.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(offline), [], colorScheme);
  }
  await offline.close();

  // Opened again from the home screen: still there, still not sent; then there is a network.
  const home = await context.newPage();
  await home.goto(`${line.url}/c/`);
  await home.waitForSelector("#check-in-waits:not([hidden])");
  assert.ok(await home.isChecked("#check-in [name='f:since_fall'][value=yes]"));
  await staff.reload();
  assert.equal(await toldOf(staff), before, "nobody knows yet");
  line.mend();
  await home.waitForURL(/told=/);
  assert.equal(await home.locator("[data-test=result]").getAttribute("data-result"), "see-clinician-today");
  assert.equal(await kept(home), 0);
  await staff.reload();
  assert.equal(await toldOf(staff), before + 1, "once");
  await context.close();
});

test("what was sent off goes out while no page of it is open", async () => {
  const { staff, context, page, url, patient } = await phone("Tomás");
  await staff.goto(`${patient}/recover`);
  const before = await toldOf(staff);
  const offline = await closedAndOpened(context, page, url);
  await answer(offline, "no");
  await offline.click("#check-in-send");
  await offline.waitForSelector("#check-in-waits:not([hidden])");
  await offline.close();
  line.mend();
  // The browser says when: here the test is the browser.
  const other = await context.newPage();
  await other.goto(`${line.url}/check-in.webmanifest`);
  const wire = await context.newCDPSession(other);
  const registered = new Promise((found) => {
    wire.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      if (registrations.length > 0) found(registrations[0].registrationId);
    });
  });
  await wire.send("ServiceWorker.enable");
  const registrationId = await registered;
  await wire.send("ServiceWorker.dispatchSyncEvent", { origin: line.url, registrationId, tag: "check-in", lastChance: false });
  await step.until(staff, async () => { await staff.reload(); return toldOf(staff); }, (count) => count === before + 1);
  await context.close();
});

test("what was typed is still there when the page was closed", async () => {
  const { context, page, url } = await phone("Tomás");
  await page.check("#check-in [name='f:pain_now[spine]'][value='7']");
  await page.check("#none-of-these");
  await page.close();
  const again = await context.newPage();
  await again.goto(url);
  await again.waitForFunction(() => document.getElementById("none-of-these").checked);
  assert.ok(await again.isChecked("#check-in [name='f:pain_now[spine]'][value='7']"));
  await context.close();
});

test("an emergency without a network shows where to go, and is told when there is one", async () => {
  const { staff, context, page, url } = await phone("Tomás");
  const offline = await closedAndOpened(context, page, url);
  await offline.check("#check-in [name='f:since_bladder_bowel'][value=yes]");
  assert.ok(await offline.isVisible("#emergency-now"));
  assert.match(await offline.textContent("#emergency-sent"), /has not reached your clinic/);
  line.mend();
  await offline.waitForFunction(() => /has this now/.test(document.getElementById("emergency-sent").textContent));
  await staff.goto(clinic.url);
  const alarms = await staff.locator("[data-test=inbox] h2").allTextContents();
  assert.ok(alarms.some((line) => line.includes("Tomás")));
  await context.close();
});

test("an emergency that was not told is told when the page is opened again", async () => {
  const { staff, context, page, url } = await phone("Tomás");
  const offline = await closedAndOpened(context, page, url);
  await offline.check("#check-in [name='f:since_foot_drop'][value=yes]");
  await offline.close();
  line.mend();
  const again = await context.newPage();
  await again.goto(url);
  await again.waitForFunction(() => /has this now/.test(document.getElementById("emergency-sent").textContent));
  await staff.goto(clinic.url);
  assert.ok((await staff.locator("[data-test=inbox] h2").allTextContents()).some((text) => text.includes("Tomás")));
  await context.close();
});

test("a wrong clock of the phone dates nothing wrongly, and a wrong answer is taken back", async () => {
  const { staff, context, page, url, patient } = await phone("Tomás");
  const offline = await closedAndOpened(context, page, url);
  await offline.clock.setSystemTime(Date.now() + 9 * 24 * 3_600_000);
  await offline.check("#check-in [name='f:since_bladder_bowel'][value=yes]");
  await offline.click("#emergency-back");
  assert.ok(!(await offline.isVisible("#emergency-now")));
  await answer(offline, "no");
  await offline.click("#check-in-send");
  await offline.waitForSelector("#check-in-waits:not([hidden])");
  line.mend();
  await offline.waitForURL(/told=/);
  assert.notEqual(await offline.locator("[data-test=result]").getAttribute("data-result"), "emergency");
  await staff.goto(`${patient}/recover`);
  const lines = await staff.locator("[data-test=triage]").first().locator("li").allTextContents();
  const [, day] = lines.at(-1).match(/(\d+) \w+ \d{4}/);
  const now = new Date();
  const near = [-1, 0, 1].map((off) => new Date(now.getTime() + off * 24 * 3_600_000).getUTCDate());
  assert.ok(near.includes(Number(day)), lines.at(-1));
  await context.close();
});

test("what the phone says follows the answers, also after they were sent off", async () => {
  const { context, page, url } = await phone("Tomás");
  const offline = await closedAndOpened(context, page, url);
  await answer(offline, "no");
  await offline.uncheck("#none-of-these");
  await offline.click("#check-in-send");
  const shown = () => offline.getAttribute("#kept-result", "data-result");
  await offline.locator("#kept-result [data-test=kept]").waitFor();
  const before = await shown();
  await offline.check("#check-in [name='f:since_fall'][value=yes]");
  assert.equal(await shown(), "see-clinician-today");
  assert.match(await offline.textContent("#kept-result"), /Have no session before then/);
  await offline.check("#check-in [name='f:since_collapse'][value=yes]");
  assert.ok(await offline.isVisible("#emergency-now"));
  assert.ok(!(await offline.isVisible("#kept-result")), `no ${before} beside it`);
  await context.close();
});

test("a link that was never opened is not taken for another, and a busy server is no refusal", async () => {
  const { staff, context, page, url } = await phone("Tomás");
  const { url: other } = await step.link(staff, clinic, "Ruth");
  const unknown = new URL(other).pathname;
  const offline = await closedAndOpened(context, page, url);
  await offline.goto(`${line.url}${unknown}`);
  await offline.waitForTimeout(500);
  assert.equal(new URL(offline.url()).pathname, unknown, "nobody is led to the form of another");
  assert.match(await offline.textContent("main"), /There is no connection/);
  assert.equal(await offline.locator("#check-in").count(), 0);
  line.mend();
  line.busy = true;
  await offline.goto(url);
  assert.ok(await offline.isVisible("#check-in-copy"), "the copy stands in for a server that is busy");
  await answer(offline, "no");
  await offline.click("#check-in-send");
  await offline.waitForSelector("#check-in-waits:not([hidden])");
  line.mend();
  await offline.waitForURL(/told=/);
  await context.close();
});

test("the check-in may stand on a home screen, and its start page is sound", async () => {
  const staff = await desk();
  const { url } = await step.link(staff, clinic, "Tomás");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const wire = await context.newCDPSession(page);
  await wire.send("Page.enable");
  const { errors, data } = await wire.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.equal(JSON.parse(data).start_url, "/c/");
  const { installabilityErrors } = await wire.send("Page.getInstallabilityErrors");
  // A context of its own counts as a private window, where nothing is installed.
  assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== "in-incognito"), []);
  await context.close();
  for (const colorScheme of ["light", "dark"]) {
    const fresh = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme });
    const start = await fresh.newPage();
    await start.goto(`${clinic.url}/c/`);
    assert.match(await start.textContent("main"), /link that your clinic sent/);
    assert.deepEqual(await faults(start), [], colorScheme);
    await fresh.close();
  }
});

test("an answer that can be sent no more is not forgotten: the page says to call", async () => {
  const { staff, context, page, url } = await phone("Tomás");
  const offline = await closedAndOpened(context, page, url);
  await answer(offline, "no");
  await offline.click("#check-in-send");
  await offline.waitForSelector("#check-in-waits:not([hidden])");
  await offline.close();
  // Days pass, by the clock of the demonstration.
  const lead = await desk("clinical-lead");
  await lead.goto(`${clinic.url}/clock`);
  await lead.fill("#hours", "96");
  await lead.click("#clock-move");
  await lead.waitForSelector("[data-test=said]");
  line.mend();
  const late = await context.newPage();
  await late.goto(url);
  await late.waitForSelector("[data-gone]:not([hidden])");
  assert.match(await late.textContent("[data-gone]"), /was not sent/);
  await lead.close();
  await staff.close();
  await context.close();
});
