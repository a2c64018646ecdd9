// The sliders of a plan, by key and by mouse: curve, pressure and doubt follow each of them, and at
// both of its ends a slider says why it ends there.

import assert from "node:assert/strict";
import test from "node:test";
import { faults } from "./axe.mjs";
import { clinic, desk } from "./house.mjs";

/** What each says at its ends, and whether its pressure in whole numbers must move with it. */
const SLIDERS = [
  { name: "force_n", step: 1, low: /weakest pull/i, high: /at most/, presses: true },
  { name: "angle_deg", step: 1, low: /along the table/, high: /makers claim/, presses: true },
  { name: "hold_s", step: 5, low: /shortest/, high: /whole then lasts 30 min.*\(S03, S17\)/ },
  { name: "rest_s", step: 5, low: /shortest/, high: /whole then lasts 30 min.*\(S03, S17\)/ },
  { name: "ramp_n_per_s", step: 0.01, low: /slowest|then lasts 30 min/, high: /No ramp is steeper.*\(ours\)/ },
];

/** A plan whose pull comes and goes, so that it has every slider. */
async function intermittent(page) {
  await page.goto(`${clinic.url}/?find=Elin`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  const plan = `${clinic.url}${found.match(/\/patients\/[0-9a-f-]+/)[0]}/plan`;
  await page.goto(plan);
  await page.click("#propose");
  await page.waitForSelector("[data-test=candidates]");
  await page.goto(`${plan}?from=gentle&mode=intermittent`);
  await page.click("#choose-propose");
  await page.waitForURL(/candidate=chosen/);
  return `${plan}?candidate=chosen`;
}

/** Nothing is dimmed, and the doubt has come. */
const whole = (page) => page.waitForFunction(() => !document.querySelector("#look [data-stale]")
  && /Bars hold/.test(document.querySelector("#look [data-part=words]").textContent));
const part = (page, name) => page.locator(`#look [data-part=${name}]`).innerHTML();
const value = async (page, name) => Number(await page.locator(`#look-${name}`).inputValue());

/** Moves a slider, and sees everything follow. */
async function follows(page, { name, presses }, move) {
  const before = { value: await value(page, name), curve: await part(page, "curve"), levels: await part(page, "levels") };
  await page.evaluate(() => {
    globalThis.drawn = [];
    const levels = document.querySelector("#look [data-part=levels]");
    new MutationObserver(() => globalThis.drawn.push(levels.querySelectorAll(".whisk").length)).observe(levels, { childList: true });
  });
  await move();
  await whole(page);
  assert.notEqual(await value(page, name), before.value, `${name} stands elsewhere`);
  assert.notEqual(await part(page, "curve"), before.curve, `${name} changes the curve`);
  const drawn = await page.evaluate(() => globalThis.drawn);
  assert.equal(drawn[0], 0, `the pressure follows ${name} with the first curve, the middle alone`);
  assert.ok(drawn.at(-1) > 0, `its doubt follows: ${drawn}`);
  if (presses) assert.notEqual(await part(page, "levels"), before.levels, `${name} changes the pressure`);
}

test("each slider moves by key and by mouse, and all that it shows follows", async (t) => {
  const page = await desk("practitioner", false);
  // Questions that are asked at once, those that were given up left out.
  await page.addInitScript(() => {
    const [ask, open] = [globalThis.fetch, new Set()];
    globalThis.most = 0;
    globalThis.fetch = async (url, options) => {
      const { signal } = options;
      open.add(signal);
      signal.addEventListener("abort", () => open.delete(signal));
      globalThis.most = Math.max(globalThis.most, open.size);
      try { return await ask(url, options); } finally { open.delete(signal); }
    };
  });
  const plan = await intermittent(page);
  for (const slider of SLIDERS) {
    await t.test(slider.name, async () => {
      await page.goto(plan);
      await whole(page);
      const range = page.locator(`#look-${slider.name}`);
      const own = await value(page, slider.name);
      const stop = (side) => page.locator(`#look-${slider.name}-${side}`);
      await range.focus();
      await follows(page, slider, async () => { for (let press = 0; press < 2; press += 1) await page.keyboard.press("ArrowRight"); });
      assert.ok(Math.abs((await value(page, slider.name)) - own - 2 * slider.step) < slider.step, "two presses are two steps");
      await follows(page, slider, async () => {
        const { x, y, width, height } = await range.boundingBox();
        await page.mouse.move(x + width * 0.45, y + height / 2);
        await page.mouse.down();
        for (const share of [0.5, 0.55, 0.6, 0.3]) await page.mouse.move(x + width * share, y + height / 2);
        await page.mouse.up();
      });
      await range.focus();
      for (const [key, side, other] of [["End", "high", "low"], ["Home", "low", "high"]]) {
        await follows(page, slider, () => page.keyboard.press(key));
        assert.ok(await stop(side).isVisible(), `${slider.name} says at its ${side} end why`);
        assert.match(await stop(side).innerText(), slider[side]);
        // The ceiling of the force stands there at all times.
        if (slider.name !== "force_n" || other === "low") assert.equal(await stop(other).isVisible(), false);
      }
      assert.equal(await page.locator("[data-test=plan-no-prediction]").count(), 0);
      assert.deepEqual(await faults(page), []);
    });
  }
  assert.equal(await page.evaluate(() => globalThis.most), 1, "one question at a time");
  await page.context().close();
});

test("the candidates stand side by side, and are signed on the first screen", async () => {
  const page = await desk();
  await page.goto(`${clinic.url}/?find=Elin`);
  const found = await page.locator("[data-test=patients] a").first().getAttribute("href");
  await page.goto(`${clinic.url}${found.match(/\/patients\/[0-9a-f-]+/)[0]}/plan`);
  if (!(await page.locator("#candidate-firm").count())) await page.click("#propose");
  const boxes = await Promise.all(["gentle", "standard", "firm"].map((name) => page.locator(`[data-candidate=${name}]`).boundingBox()));
  assert.deepEqual(boxes.map((box) => box.y), Array(3).fill(boxes[0].y), "one row");
  const sign = await page.locator("#sign").boundingBox();
  assert.ok(sign.y + sign.height < boxes[0].y + 700, `signed beneath them, at ${sign.y}`);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.context().close();
});
