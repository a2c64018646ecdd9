// The steps of the path of care, as a practitioner clicks them.

import assert from "node:assert/strict";

/** Logs a role in and leaves the browser on the first page. */
export async function logIn(page, clinic, role) {
  const { login, password } = clinic.password(role);
  await page.goto(`${clinic.url}/login`);
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("#login-go");
  await page.waitForSelector("#logout", { state: "attached" });
}

/** Imports a record and gives the patient's address. */
export async function importRecord(page, clinic, bundle) {
  await page.goto(`${clinic.url}/import`);
  await page.selectOption("#region", "lumbar");
  await page.fill("#bundle", bundle);
  await page.click("#import-go");
  await page.waitForURL(/\/patients\/[0-9a-f-]{36}/);
  return page.url().match(/^(.*\/patients\/[0-9a-f-]{36})/)[1];
}

/** The facts that a form asks for. */
export async function asked(page, form, kind = "input, select") {
  const names = await page.$$eval(form, (forms, kind) =>
    forms.flatMap((form) => [...form.querySelectorAll(kind)].map((field) => field.name)), kind);
  return [...new Set(names)].filter((name) => name.startsWith("f:")).map((name) => name.slice(2));
}

/** Gives the answers that a form has a field for. */
export async function answerAll(page, form, given) {
  for (const fact of await asked(page, form)) if (fact in given) await answer(page, form, fact, given[fact]);
}

/** Gives one answer, whatever kind of field asks for it. */
export async function answer(page, form, fact, value) {
  const name = `${form} [name="f:${fact}"]`;
  const fields = page.locator(name);
  const tag = await fields.first().evaluate((field) => `${field.tagName}:${field.type}`);
  if (tag === "INPUT:radio") await page.check(`${name}[value="${value}"]`);
  else if (tag.startsWith("SELECT")) await fields.first().selectOption(String(value));
  else await fields.first().fill(String(value));
}

/** Answers every radio question of a form with one word, except those that are given. */
export async function answerRest(page, form, word, given = {}) {
  for (const fact of await asked(page, form, "input[type=radio]")) {
    const choice = page.locator(`${form} [name="f:${fact}"][value="${word}"]`);
    if (!(fact in given) && (await choice.count())) await choice.check();
  }
  await answerAll(page, form, given);
}

/** The verdict that the page shows beside the questions. */
export const verdict = (page) => page.locator("aside[data-test=decision]").getAttribute("data-verdict");

/** What a routine patient says and what is found: the minimum data set, and a level to treat. */
export const ROUTINE = {
  age: 45, sex: "male", main_symptom: "limb-pain", prior_care: "three-weeks-or-more", goal_of_care: "function",
  motor_strength: "normal", sensation: "normal", alignment: "level", can_signal: "yes", can_lie: "yes", imaging_on_file: "yes", neuro_exam_done: "yes",
  body_weight: 78, treated_level: "L4-L5", directional_preference: "none",
};

/** Registers a patient by hand, without a record, and gives the address. */
export async function register(page, clinic, name, region) {
  await page.goto(`${clinic.url}/import`);
  await page.fill("#name", name);
  await page.fill("#born", "1981-04-02");
  await page.selectOption("#region-2", region);
  await page.click("#register-go");
  await page.waitForURL(/\/patients\/[0-9a-f-]{36}/);
  return page.url().match(/^(.*\/patients\/[0-9a-f-]{36})/)[1];
}

/** Answers the questions of everyone, then those that the answers opened, until nothing decides any more. */
export async function intake(page, patient, given = {}) {
  for (let round = 0; round < 5; round += 1) {
    await page.goto(`${patient}/evaluate?form=intake`);
    if ((await page.locator("#intake-save").count()) === 0) return;
    await answerRest(page, "#intake", "no", { ...ROUTINE, ...given });
    await page.click("#intake-save");
    await page.waitForLoadState();
  }
}

/** Gives answers that the plan needs beside the decision, from the form with every question. */
export async function answerWhole(page, patient, given) {
  await page.goto(`${patient}/evaluate?form=all`);
  for (const fact of Object.keys(given)) {
    const closed = page.locator(`#answers-all details:not([open]):has([name="f:${fact}"])`);
    if (await closed.count()) await closed.locator("summary").first().click();
  }
  await answerAll(page, "#answers-all", given);
  await page.click("#save-answers");
  await page.waitForLoadState();
}

/** From an open chart to a decision that is kept. */
export async function evaluate(page, patient, expected = "cleared") {
  await intake(page, patient);
  await answerWhole(page, patient, ROUTINE);
  await intake(page, patient);
  await page.goto(`${patient}/evaluate`);
  assert.equal(await verdict(page), expected);
  await page.click("#decide");
  await page.waitForSelector("#propose");
}

/** What a patient with a sore back and leg tells on arrival. */
export const ARRIVAL = {
  "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0,
  distal_extent: "thigh-or-upper-arm", neuro_unchanged: "yes",
};

/** Proposes candidates and signs one by giving the password again. */
export async function planAndSign(page, clinic, patient, candidate) {
  await page.goto(`${patient}/plan`);
  await page.click("#propose");
  await page.waitForSelector("[data-test=candidates]");
  await page.check(`#candidate-${candidate}`);
  await page.fill("#sign-password", clinic.password("practitioner").password);
  await page.click("#sign");
  await page.waitForURL(/\/consent/, { waitUntil: "commit" });
}

/** Explains, and records the patient's signature. */
export async function consent(page, patient, name) {
  await page.goto(`${patient}/consent`);
  await page.fill("#cost", "40 a session, 400 for the course");
  await page.fill("#signed_by", name);
  await page.click("#consent-give");
  await page.waitForURL(/\/treat/, { waitUntil: "commit" });
}

/** The arrival record opens the visit. */
export async function arrive(page, patient, arrival) {
  await page.goto(`${patient}/treat`);
  await answerRest(page, "#arrival", "yes", arrival);
  await page.click("#arrival-save");
  await page.waitForSelector("#start-list");
}

/** Arrival record, re-screen and pre-start list, then a session armed at the table. */
export async function arriveAndArm(page, patient, arrival, { arrived = false } = {}) {
  if (!arrived) await arrive(page, patient, arrival);
  if (await page.locator("#rescreen").count()) {
    await answerRest(page, "#rescreen", "no", ROUTINE);
    await page.click("#rescreen-save");
    await page.waitForLoadState();
  }
  if (await page.locator("#start-save").count()) {
    const holds = (await asked(page, "#start-list")).filter((fact) => /^start_|^within_|^can_/.test(fact));
    await answerRest(page, "#start-list", "no", Object.fromEntries(holds.map((fact) => [fact, "yes"])));
    await page.click("#start-save");
    await page.waitForLoadState();
  }
  if (await page.locator("#switch-test").count()) {
    await page.fill("#switch-force", "500");
    await page.check("#let-go-yes");
    await page.click("#switch-test-save");
    await page.waitForLoadState();
  }
  await page.click("#sound-try");
  await page.check("#heard");
  await page.click("#arm");
  await page.waitForURL(/\/session\//);
}

/** The switch is tried and the pull begins, by two deliberate acts. */
export async function startPull(page) {
  await page.click("#switch-press");
  await page.waitForTimeout(400);
  await page.click("#switch-release");
  await page.waitForTimeout(400);
  await page.click("#prepare");
  await page.click("#confirm");
}

/** A session that STOP ended is explained and closed. */
export async function closeSession(page, session) {
  await page.goto(session);
  await page.fill("#explain-reason", "The patient says it was tight, nothing else.");
  await page.click("#explain-comfort");
  await page.waitForSelector("#close");
  await page.click("#close");
  // The page loads itself again once the end is on record.
  await page.waitForSelector("[data-test=session-ended]");
}

/** The patient leaves well, with the card. */
export async function leave(page, well) {
  await answerRest(page, "form[action*='/leaving/']", "yes", well);
  await page.check("#warning_card");
  await page.click("#leaving-save");
  await page.waitForURL(/\/recover/, { waitUntil: "commit" });
}

/** Both, one after the other. */
export async function closeAndLeave(page, session, well) {
  await closeSession(page, session);
  await page.click("#to-leaving");
  await leave(page, well);
}

/** The force that the page shows, N. */
export const force = async (page) => Number.parseFloat(await page.locator("[data-test=force]").textContent());

/** Waits until what the page shows satisfies `enough`. */
export async function until(page, what, enough, timeout = 60_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const shown = await what();
    if (enough(shown)) return shown;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms; the page shows ${shown}`);
    await page.waitForTimeout(100);
  }
}

/** Waits until a place of the page says so. */
export const says = (page, mark, words) =>
  until(page, () => page.locator(`[data-test=${mark}]`).textContent(), (text) => words.test(text));

/** From a record to a session that pulls, in the page of the practitioner. */
export async function pulling(page, clinic, record, name) {
  const patient = await importRecord(page, clinic, record);
  await evaluate(page, patient);
  await planAndSign(page, clinic, patient, "standard");
  await consent(page, patient, name);
  await arriveAndArm(page, patient, ARRIVAL);
  await startPull(page);
  await says(page, "phase", /hold/i);
  return page.url();
}

/** A personal link to a check-in of somebody who was treated here. */
export async function link(staff, clinic, name) {
  await staff.goto(`${clinic.url}/?find=${encodeURIComponent(name)}`);
  const patient = await staff.locator("[data-test=patients] a").first().getAttribute("href");
  await staff.goto(`${clinic.url}${patient}/recover`);
  await staff.click("#make-link");
  const path = await staff.locator("#personal-link").getAttribute("href");
  return { url: `${clinic.url}${path}?again=yes`, patient: `${clinic.url}${patient}` };
}
