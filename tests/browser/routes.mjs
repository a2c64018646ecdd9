// The pages of the clinic, as its one route table names them.

import { readdir, readFile } from "node:fs/promises";

const SOURCES = new URL("../../crates/console/src/", import.meta.url);

/** The table and its parts. */
async function table() {
  const parts = (await readdir(new URL("routes/", SOURCES))).map((name) => `routes/${name}`);
  const texts = ["routes.rs", ...parts].map((name) => readFile(new URL(name, SOURCES), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

/** What is asked for and is no page to look at, and why. */
const NO_PAGE = {
  "/health": "one word for a monitor",
  "/assets/{file}": "styles, scripts and fonts",
  "/check-in-worker.js": "a script",
  "/check-in.webmanifest": "what a home screen reads",
  "/fhir/metadata": "a document for programs",
  "/cds-services": "a list for other record systems",
  "/api/openapi.json": "a document for programs",
  "/api/facts": "a list for programs",
  "/launch": "leads on: smart.test.mjs",
  "/launch/callback": "leads on: smart.test.mjs",
  "/launch/begin": "leads to another record system: smart.test.mjs",
  "/launch/back": "what another record system gave: smart.test.mjs",
  "/feed/{token}": "a calendar",
  "/t/{token}/stream": "a stream of states",
  "/patients/{patient}/session/{session}/stream": "a stream of states",
  "/patients/{patient}/session/{session}/change": "a drawing inside the session's page",
  "/patients/{patient}/plan/preview": "a part of the plan's page",
  "/knowledge/forms/{form}": "a form for other programs",
  "/patients/{patient}/mine/json": "a file to take away",
  "/patients/{patient}/mine/fhir": "a file to take away",
  "/patients/{patient}/keeping/json": "a file to take away",
  "/patients/{patient}/keeping/fhir": "a file to take away",
  "/research/{table}": "a file to take away",
};

/** Every path that answers with a page. */
export async function pagesOfTable() {
  const text = await table();
  const paths = [...text.matchAll(/\b(?:get|page|list|chart|mine|read)\(\s*"([^"]+)"/g)].map(([, path]) => path);
  const strange = Object.keys(NO_PAGE).filter((path) => !paths.includes(path));
  if (paths.length < 50 || strange.length > 0) throw new Error(`the route table was not read: ${paths.length} paths, and not among them ${strange}`);
  return paths.filter((path) => !(path in NO_PAGE) && !path.endsWith("/pdf"));
}

/** The pages that none of these addresses belongs to. */
export async function unseen(seen) {
  const shape = (path) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
  return (await pagesOfTable()).filter((path) => ![...seen].some((one) => shape(path).test(one)));
}
