// Measures pages as a browser gets them, and a session that many look at, of the program that
// ANNULUS_BIN names. Writes what it measured as JSON to the file that is named. `scripts/bench-pages`
// runs it, `make bench` makes rows of it.

import { get } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import { bundle } from "./bundle.mjs";
import { Clinic, openBrowser } from "./clinic.mjs";
import * as step from "./steps.mjs";

const NAME = "Alma Fenwick";
/** Loads of each page, viewers of the session, and the seconds they watch. */
const LOADS = 7;
const VIEWERS = 200;
const WATCHED = 20;
/** The kernel's clock of processes, ticks a second on every Linux. */
const TICKS = 100;

/** One load in a browser that has nothing yet: first contentful paint in ms, bytes over the wire. */
async function load(browser, url, cookies, viewport) {
  const context = await browser.newContext({ viewport });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  let bytes = 0;
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (done) => (bytes += done.encodedDataLength));
  await page.goto(url);
  const paint = await page.evaluate(() => new Promise((told) => {
    const seen = performance.getEntriesByName("first-contentful-paint")[0];
    if (seen) return told(seen.startTime);
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName("first-contentful-paint");
      if (first) told(first.startTime);
    }).observe({ type: "paint", buffered: true });
  }));
  await page.waitForTimeout(150);
  await context.close();
  return { paint, bytes };
}

/** What the pages of one role weigh and when they are first seen; the first load of all is not counted. */
async function pages(browser, cookies, paths, viewport = { width: 1280, height: 800 }) {
  const told = [];
  for (const [name, url] of paths) {
    await load(browser, url, cookies, viewport);
    const runs = [];
    for (let run = 0; run < LOADS; run += 1) runs.push(await load(browser, url, cookies, viewport));
    told.push({ name, paint_ms: runs.map((run) => run.paint), bytes: Math.max(...runs.map((run) => run.bytes)) });
    console.log(`${name}: ${told.at(-1).bytes} bytes, first paint ${Math.round(Math.max(...told.at(-1).paint_ms))} ms at most`);
  }
  return told;
}

/** Seconds of processor time that a process has used. */
async function used(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** One who looks on: counts what arrives. */
function viewer(url, cookie, seen) {
  return new Promise((open, failed) => {
    const request = get(url, { headers: { cookie, accept: "text/event-stream" }, agent: false }, (answer) => {
      if (answer.statusCode !== 200) failed(new Error(`a viewer got ${answer.statusCode}`));
      answer.on("data", (chunk) => (seen.events += chunk.toString().split("\n\n").length - 1));
      open(request);
    });
    request.on("error", () => {});
  });
}

/** The share of one core that the server needs while many look at one session. */
async function watched(clinic, session, cookies) {
  const cookie = cookies.map((one) => `${one.name}=${one.value}`).join("; ");
  const seen = { events: 0 };
  const viewers = [];
  for (let one = 0; one < VIEWERS; one += 1) viewers.push(await viewer(`${session}/stream`, cookie, seen));
  await new Promise((on) => setTimeout(on, 2000));
  seen.events = 0;
  const [since, before] = [performance.now(), await used(clinic.server.pid)];
  await new Promise((on) => setTimeout(on, WATCHED * 1000));
  const seconds = (performance.now() - since) / 1000;
  const cores = ((await used(clinic.server.pid)) - before) / seconds;
  const rate = seen.events / VIEWERS / seconds;
  for (const one of viewers) one.destroy();
  console.log(`${VIEWERS} viewers, each ${rate.toFixed(1)} times a second: ${(cores * 100).toFixed(1)} % of a core`);
  return { viewers: VIEWERS, per_second: rate, core: cores };
}

/** From a movement of a slider of the plan to its first curve, and to the doubt around it, ms. */
async function sliders(page, plan) {
  await page.goto(plan);
  await page.waitForSelector("#look-force_n");
  const told = { curve_ms: [], doubt_ms: [] };
  for (let run = 0; run <= LOADS; run += 1) {
    const seen = await page.evaluate((back) => new Promise((done) => {
      const slider = document.getElementById("look-force_n");
      const painted = [];
      const since = performance.now();
      const watch = new MutationObserver(() => requestAnimationFrame(() => {
        painted.push(performance.now() - since);
        if (painted.length < 2) return;
        watch.disconnect();
        done(painted);
      }));
      watch.observe(document.querySelector("#look [data-part=levels]"), { childList: true });
      slider.value = String(Number(slider.value) + (back ? -2 : 2) * (Number(slider.dataset.step) || 1));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }), run % 2 === 1);
    // The first movement of all is not counted.
    if (run > 0) { told.curve_ms.push(seen[0]); told.doubt_ms.push(seen[1]); }
  }
  console.log(`a slider: first curve ${Math.round(Math.max(...told.curve_ms))} ms, its doubt ${Math.round(Math.max(...told.doubt_ms))} ms at most`);
  return told;
}

/** A patient who has an account: what their login is known by. */
async function own(browser, page, clinic, patient) {
  await page.goto(`${patient}/account`);
  await page.check("#invite-seen");
  await page.click("#invite-make");
  const address = await page.inputValue("#invite-address");
  const context = await browser.newContext();
  const home = await context.newPage();
  await home.goto(address);
  for (const go of ["#welcome-go", "#login-go"]) {
    await home.fill("#login", "alma");
    await home.fill("#password", "four words nobody joins");
    await home.click(go);
    await home.waitForSelector(go === "#welcome-go" ? "#login-go" : "[data-test=mine-head]");
  }
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** The address of what a check-in means. */
async function result(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await step.answerRest(page, "#check-in", "no", {
    "pain_now[spine]": 3, "pain_now[limb-left]": 3, "pain_now[limb-right]": 0, distal_extent: "spine", since_function_lost: "no",
    "pain_worst_since[spine]": 3, "pain_worst_since[limb-left]": 3, "pain_worst_since[limb-right]": 0,
  });
  await page.check("#none-of-these");
  await page.click("#check-in-send");
  await page.waitForURL(/told=/);
  const told = page.url();
  await context.close();
  return told;
}

const clinic = await Clinic.open({ speed: 1 });
const browser = await openBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await step.logIn(page, clinic, "practitioner");
  const cookies = await context.cookies();
  const patient = await step.importRecord(page, clinic, bundle(NAME));
  await step.evaluate(page, patient);
  await step.planAndSign(page, clinic, patient, "standard");
  await step.consent(page, patient, NAME);
  await step.arriveAndArm(page, patient, step.ARRIVAL);
  const session = page.url();
  await step.startPull(page);
  await step.says(page, "phase", /hold|ramp|rise/i);
  const live = await watched(clinic, session, cookies);
  await page.goto(`${session}/patient`);
  const table = new URL(await page.locator("#open-table-page").getAttribute("href"), clinic.url).href;
  // A page that draws a session takes what the pages measured now would have.
  await page.goto("about:blank");
  const of = (parts) => parts.map((part) => [part === "" ? "the patient" : part.slice(1), `${patient}${part}`]);
  const small = await pages(browser, cookies, [
    ["Today", `${clinic.url}/`], ["the diary", `${clinic.url}/diary`], ["knowledge", `${clinic.url}/knowledge`],
    ...of(["", "/evaluate", "/evaluate?form=intake", "/evaluate?form=all", "/consent", "/treat", "/recover", "/safety", "/review",
      "/referrals", "/therapies", "/facts", "/note/1", "/permissions/cannot-lie"]),
    ["outcomes", `${clinic.url}/outcomes`], ["evidence", `${clinic.url}/knowledge/evidence`], ["import", `${clinic.url}/import`],
    ["the design", `${clinic.url}/design`],
  ]);
  const door = await pages(browser, [], [["the login", `${clinic.url}/login`]]);
  const large = await pages(browser, cookies, [["plan", `${patient}/plan`], ["the session", session]]);
  const { url } = await step.link(page, clinic, "Tomás");
  const screen = { width: 390, height: 844 };
  const phone = await pages(browser, [], [
    ["the check-in", url], ["what a check-in means", await result(browser, url)],
    ["the patient's own page", table],
  ], screen);
  const mine = await pages(browser, await own(browser, page, clinic, patient), [["the own record", `${patient}/mine`]], screen);
  const moved = await sliders(page, `${patient}/plan`);
  const told = { live, small: [...small, ...door, ...phone, ...mine], large, sliders: moved };
  await writeFile(process.argv[2], `${JSON.stringify(told, null, 1)}\n`);
} finally {
  await browser.close();
  await clinic.close();
}
