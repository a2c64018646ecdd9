// The picture of the README: a session in its hold. `ANNULUS_BIN=… node picture.mjs`.

import { bundle } from "./bundle.mjs";
import { Clinic, openBrowser } from "./clinic.mjs";
import * as step from "./steps.mjs";

const name = "Jonah Whitfield";
const clinic = await Clinic.open({ speed: 60 });
const browser = await openBrowser();
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await step.logIn(page, clinic, "practitioner");
const patient = await step.importRecord(page, clinic, bundle(name));
await step.evaluate(page, patient);
await step.planAndSign(page, clinic, patient, "standard");
await step.consent(page, patient, name);
await step.arriveAndArm(page, patient, {
  "pain_now[spine]": 3, "pain_now[limb-left]": 4, "pain_now[limb-right]": 0,
  distal_extent: "thigh-or-upper-arm", neuro_unchanged: "yes",
});
await step.startPull(page);
await step.until(page, () => page.locator("[data-test=phase]").textContent(), (phase) => /hold/i.test(phase));
await page.click("#comfort-2");
await page.waitForTimeout(3_500);
await page.screenshot({ path: new URL("../../docs/console.png", import.meta.url).pathname });
await page.click("#stop");
await browser.close();
await clinic.close();
