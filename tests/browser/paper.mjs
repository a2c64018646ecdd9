// Reads documents as Debian's Poppler does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { clinic } from "./house.mjs";

/** The words of a PDF behind a link of the page, and its tags. */
export async function read(page, link) {
  const href = await link.getAttribute("href");
  const answer = await page.request.get(`${clinic.url}${href}`);
  const body = await answer.body();
  assert.equal(answer.status(), 200, body.toString());
  assert.equal(answer.headers()["content-type"], "application/pdf");
  assert.doesNotMatch(answer.headers()["content-disposition"], /Mira|Tom/, "a name of a file names nobody");
  assert.match(answer.headers()["cache-control"], /no-store/);
  const run = (program, ...words) => execFileSync(program, [...words, "-"], { input: body, encoding: "utf8", stdio: "pipe" });
  return { text: run("pdftotext", "-layout", "-"), tags: run("pdfinfo", "-struct-text"), about: run("pdfinfo") };
}

export const plain = (text) => text.replace(/\s+/g, " ");
