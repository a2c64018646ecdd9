// A page that is used without a mouse: what clicks, ticks, fills and chooses does it with Tab,
// Space, Enter, arrows and letters, and whatever gets the focus must be in sight.

import assert from "node:assert/strict";

/** How many presses of Tab the focus is away from what is wanted, back below nought; counted, not yet made. */
const away = (wanted) => wanted.evaluate((wanted) => {
  const here = document.activeElement;
  // Of choices, Tab stops at the one that is chosen, or at the first.
  const choices = wanted.type === "radio" ? [...document.getElementsByName(wanted.name)].filter((one) => one.form === wanted.form) : [];
  const node = choices.find((one) => one.checked) ?? choices[0] ?? wanted;
  const group = (one) => (one.type === "radio" ? one.name + one.form?.id + one.form?.action : one);
  if (here === node || (here.type === "radio" && group(here) === group(node))) return 0;
  const back = here !== document.body && !(here.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  const [from, to] = back ? [node, here] : [here, node];
  const follows = (one, other) => one === document.body || one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => follows(from, one) && follows(one, to) && !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  const groups = new Set([...stops, node].map(group));
  groups.delete(group(here));
  return back ? -groups.size : groups.size;
});

/** Moves the focus to something by Tab alone, and sees that nothing lies over it. */
export async function tabTo(page, wanted) {
  await wanted.waitFor({ state: "visible" });
  let far = await away(wanted);
  // As far as it was counted, then step by step.
  for (let round = 0, presses = Math.abs(far); far !== 0; round += 1, presses = 1) {
    assert.ok(round < 40, `Tab does not lead to ${wanted}`);
    for (let press = 0; press < presses; press += 1) await page.keyboard.press(far > 0 ? "Tab" : "Shift+Tab");
    far = await away(wanted);
  }
  const hidden = await wanted.evaluate(() => {
    const here = document.activeElement;
    const { left, right, top, bottom } = here.getBoundingClientRect();
    const over = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
    const own = [here, ...(here.labels ?? [])].some((one) => one.contains(over));
    return own ? "" : `${here.id || here.name} has the focus under ${over?.id || over?.className || over?.localName}`;
  });
  assert.equal(hidden, "", "what has the focus is seen");
}

async function check(page, wanted) {
  await tabTo(page, wanted);
  if (await wanted.isChecked()) return;
  const there = () => wanted.evaluate((node) => document.activeElement === node);
  for (let press = 0; !(await there()); press += 1) {
    assert.ok(press < 40, `no arrow leads to ${wanted}`);
    await page.keyboard.press("ArrowDown");
  }
  if (!(await wanted.isChecked())) await page.keyboard.press("Space");
  assert.ok(await wanted.isChecked(), `${wanted} is ticked`);
}

async function selectOption(page, wanted, value) {
  await tabTo(page, wanted);
  const place = await wanted.evaluate((list, value) => [...list.options].findIndex((one) => one.value === value), value);
  await page.keyboard.press("Home");
  for (let press = 0; press < place; press += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await wanted.inputValue(), value);
}

/** Presses Enter, and where that leads to another page waits until it is there, as a click does. */
async function click(page, wanted) {
  await tabTo(page, wanted);
  let leaves = false;
  const asks = (request) => { leaves ||= request.isNavigationRequest() && request.frame() === page.mainFrame(); };
  const there = Promise.race(["load", "download"].map((event) => page.waitForEvent(event).catch(() => {})));
  page.on("request", asks);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(150);
  page.off("request", asks);
  if (leaves) await there;
}

const acts = {
  click,
  async fill(page, wanted, text) {
    await tabTo(page, wanted);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(String(text));
  },
  check,
  selectOption,
};

/** A place of the page, used by keys. */
const place = (page, found) => new Proxy(found, {
  get(of, name) {
    if (name in acts) return (...rest) => acts[name](page, of, ...rest);
    const own = of[name];
    if (typeof own !== "function") return own;
    const further = ["locator", "first", "last", "nth", "filter"].includes(name);
    return (...rest) => (further ? place(page, own.apply(of, rest)) : own.apply(of, rest));
  },
});

/** The same page, used by keys alone. */
export const byKeys = (page) => new Proxy(page, {
  get(of, name) {
    if (name in acts) return (selector, ...rest) => acts[name](of, of.locator(selector).first(), ...rest);
    if (name === "locator") return (...rest) => place(of, of.locator(...rest));
    return typeof of[name] === "function" ? of[name].bind(of) : of[name];
  },
});
