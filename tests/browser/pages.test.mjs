// The pages of the demonstration's clinic and of each of its patients, looked at for what WCAG 2.2 AA
// forbids: light and dark, on a desk and on a phone. The short form sees each page once, in a look of
// its own, and of the patients those that differ; ANNULUS_LONG=1 sees every page in all four. That no
// page is left out is for the tour to say, which walks one patient through every page.

import assert from "node:assert/strict";
import test from "node:test";
import { faults, long, LOOKS } from "./axe.mjs";
import { browser, clinic } from "./house.mjs";

async function logIn(page, role) {
  const { login, password } = clinic.password(role);
  await page.goto(`${clinic.url}/login`);
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("#login-go");
  await page.waitForSelector("#logout", { state: "attached" });
}

async function look(role, paths) {
  const wrong = [];
  let cookies;
  for (const [number, look] of LOOKS.entries()) {
    const shown = long ? paths : paths.filter((_, place) => place % LOOKS.length === number);
    const context = await browser.newContext(look);
    const page = await context.newPage();
    if (role && !cookies) await logIn(page, role);
    cookies ??= await context.cookies();
    await context.addCookies(cookies);
    for (const path of shown) {
      await page.goto(`${clinic.url}${path}`);
      const where = `${path} ${look.colorScheme} ${look.viewport.width}`;
      wrong.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));
    }
    await context.close();
  }
  assert.deepEqual(wrong, []);
}

/** The patients of the demonstration, by the first name. */
async function patients() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await logIn(page, "practitioner");
  const rows = await page.locator("[data-row]").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("b").textContent.split(" ")[0], row.dataset.row]));
  const of = Object.fromEntries(rows);
  const recover = async (name) => {
    await page.goto(`${clinic.url}/patients/${of[name]}/recover`);
    return page.locator("a[href*='/enter']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  };
  const entries = await recover("Tomás");
  await context.close();
  return { of, entries };
}

test("where nothing is", async () => {
  await look(null, ["/nowhere"]);
  await look("practitioner", ["/nowhere", "/patients/nobody", "/?find=nobody"]);
});

test("pages of the clinic", async () => {
  await look("clinical-lead", long ? [
    "/", "/diary", "/import", "/knowledge", "/knowledge/evidence", "/knowledge/rules/spinal-implant",
    "/knowledge/facts/spinal_implant", "/outcomes", "/outcomes?since=all", "/overrides", "/mail", "/clock", "/account", "/design",
  ] : ["/", "/outcomes?since=all"]);
  await look("administrator", ["/users", "/clients", "/systems", "/audit"]);
  await look("front-desk", ["/", "/diary"]);
});

test("pages of patients, from not evaluated to an emergency", async () => {
  const { of, entries } = await patients();
  const pages = (name, parts) => parts.map((part) => `/patients/${of[name]}${part}`);
  const decided = ["", "/evaluate", "/plan", "/treat", "/recover", "/safety", "/review"];
  const every = long ? [...decided, "/account", "/facts", "/consent", "/referrals", "/therapies"] : decided;
  await look("practitioner", [
    ...pages("Tomás", [...every, "/note/1", "/review/rmdq"]), ...entries.slice(0, 1),
    ...["Ruth", "Oskar", "Henrik", "Elin", "Mira"].flatMap((name) => pages(name, every)),
  ]);
});
