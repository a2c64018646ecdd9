// Every page, looked at for what WCAG 2.2 AA forbids: light and dark, on a desk and on a phone.
// The short form sees each page once, in a look of its own; ANNULUS_LONG=1 sees each in all four.

import assert from "node:assert/strict";
import test from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { browser, clinic } from "./house.mjs";

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOOKS = [
  { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
  { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { colorScheme: "light", viewport: { width: 390, height: 844 } },
];
const long = Boolean(process.env.ANNULUS_LONG);

/** What is wrong with the page that is open. */
async function faults(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(LEVELS).analyze();
  const named = (fault) => `${fault.id}: ${fault.nodes.map((node) => node.target).join(" ")}`;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return [...violations.map(named), ...(wide > 0 ? [`${wide} px wider than the window`] : [])];
}

async function logIn(page, role) {
  const { login, password } = clinic.password(role);
  await page.goto(`${clinic.url}/login`);
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("#login-go");
  await page.waitForSelector("#logout");
}

async function look(role, paths) {
  const wrong = [];
  for (const [number, look] of LOOKS.entries()) {
    const shown = long ? paths : paths.filter((_, place) => place % LOOKS.length === number);
    const context = await browser.newContext(look);
    const page = await context.newPage();
    if (role) await logIn(page, role);
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

test("pages before anybody has logged in, and where nothing is", async () => {
  await look(null, ["/login", "/c/", "/c/00000000000000000000000000000000", "/nowhere"]);
});

test("pages of the clinic", async () => {
  await look("clinical-lead", [
    "/", "/?find=nobody", "/diary", "/import", "/knowledge", "/knowledge/evidence", "/knowledge/rules/spinal-implant",
    "/knowledge/facts/spinal_implant", "/outcomes", "/outcomes?since=all", "/overrides", "/mail", "/clock", "/account", "/design",
  ]);
  await look("administrator", ["/users", "/audit"]);
  await look("front-desk", ["/", "/diary"]);
});

test("pages of patients, from not evaluated to an emergency", async () => {
  const { of, entries } = await patients();
  const pages = (name, parts) => parts.map((part) => `/patients/${of[name]}${part}`);
  const every = ["", "/account", "/facts", "/evaluate", "/plan", "/consent", "/treat", "/recover", "/safety", "/referrals", "/therapies", "/review"];
  await look("practitioner", [
    ...pages("Tomás", [...every, "/note/1", "/review/rmdq"]), ...entries.slice(0, 1),
    ...pages("Ruth", every), ...pages("Oskar", every), ...pages("Henrik", every), ...pages("Elin", every),
    ...pages("Mira", every),
  ]);
});
