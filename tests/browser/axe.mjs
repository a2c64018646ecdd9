// What is wrong with the page that is open: what WCAG 2.2 AA forbids, what is wider than the
// window, and what is too small to press.

import AxeBuilder from "@axe-core/playwright";

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The least side of what is pressed, and of what a thumb presses on a phone, px. */
const LEAST = 24;
const THUMB = 44;
/** Windows up to this wide are phones, px. */
const PHONE = 480;
/** Light and dark, on a desk and on a phone. */
export const LOOKS = [
  { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
  { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { colorScheme: "light", viewport: { width: 390, height: 844 } },
];
/** The long form sees every page in all four looks. */
export const long = Boolean(process.env.ANNULUS_LONG);

/** The paths that this file of tests has looked at. */
export const looked = new Set();

/** What can be pressed and is too small; a link within a sentence is as high as its line (WCAG 2.5.8). */
const tooSmall = (page) => page.evaluate(({ least, thumb, phone }) => {
  const needed = innerWidth <= phone ? thumb : least;
  const pressed = "a[href], button, select, textarea, input:not([type=hidden]), summary, [role=button], [tabindex='0']";
  const within = (link) => {
    if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
    const words = (node) => [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && /\p{L}/u.test(one.data));
    const block = link.closest("p, li, dd, td, div");
    return block !== null && (words(block) || [...block.querySelectorAll("span, bdi, b")].some((one) => !link.contains(one) && words(one)));
  };
  const box = (node) => {
    const boxes = [node, ...(node.labels ?? [])].map((one) => one.getBoundingClientRect()).filter((one) => one.width > 0);
    const edge = (side, pick) => pick(...boxes.map((one) => one[side]));
    const [left, right, top, bottom] = [edge("left", Math.min), edge("right", Math.max), edge("top", Math.min), edge("bottom", Math.max)];
    return { width: right - left, height: bottom - top, right };
  };
  const small = [];
  for (const node of document.querySelectorAll(pressed)) {
    if (!node.checkVisibility({ visibilityProperty: true }) || within(node)) continue;
    const { width, height, right } = box(node);
    // The way past the menu stands outside until it has the focus.
    if (right < 0 || (width > needed - 0.5 && height > needed - 0.5)) continue;
    const name = node.id ? `#${node.id}` : `${node.localName} "${(node.textContent || node.name || "").trim().slice(0, 30)}"`;
    small.push(`${name} is ${Math.round(width)} x ${Math.round(height)} px, less than ${needed}`);
  }
  return small;
}, { least: LEAST, thumb: THUMB, phone: PHONE });

/** By how much the page is wider than the window, and what reaches out. */
const tooWide = (page) => page.evaluate(() => {
  const root = document.documentElement;
  const over = root.scrollWidth - innerWidth;
  if (over <= 0) return [];
  const out = [...document.querySelectorAll("main *")].filter((node) => node.getBoundingClientRect().right > innerWidth);
  const ends = out.filter((node) => !out.some((other) => other !== node && node.contains(other))).slice(0, 3);
  return [`${over} px wider than the window: ${ends.map((node) => node.id || `${node.localName}.${node.className}`)}`];
});

/** The acts that look like the next step, if there is more than one of them; the design page shows them all. */
const manyNext = (page) => page.evaluate(() => {
  if (location.pathname === "/design") return [];
  const stands = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled;
  const petrol = (node) => getComputedStyle(node).backgroundColor === getComputedStyle(probe).backgroundColor;
  const probe = document.createElement("i");
  probe.style.background = "var(--act)";
  document.body.append(probe);
  const next = [...document.querySelectorAll(".btn.next")].filter((node) => stands(node) && petrol(node));
  probe.remove();
  const names = next.map((node) => node.id || node.textContent.trim());
  return next.length > 1 ? [`${next.length} next steps: ${names.join(", ")}`] : [];
});

/** What is wrong with the page that is open, as it is seen now. */
export async function faults(page) {
  looked.add(new URL(page.url()).pathname);
  // No page has a frame in it: what looks into them, a page of its own, is not needed.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(LEVELS).setLegacyMode(true);
  const { violations } = await axe.analyze();
  const named = (fault) => `${fault.id}: ${fault.nodes.map((node) => node.target).join(" ")}`;
  return [...violations.map(named), ...(await tooWide(page)), ...(await tooSmall(page)), ...(await manyNext(page))];
}

/** The page as it stands now, without its scripts, for a look that takes longer than the page stays so. */
export async function still(page) {
  const body = (await page.content()).replace(/<script\b[^>]*>.*?<\/script>/gs, "");
  const copy = await page.context().newPage();
  await copy.setViewportSize(page.viewportSize());
  await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }), { times: 1 });
  await copy.goto(page.url());
  return copy;
}

/** Looks at a page in the next of the four looks, in the long form in all of them. */
export async function look(page, name) {
  const own = page.viewportSize();
  const next = LOOKS[turn++ % LOOKS.length];
  const wrong = [];
  for (const { colorScheme, viewport } of long ? LOOKS : [next]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    // A curve is drawn anew for its new width.
    await page.waitForTimeout(200);
    wrong.push(...(await faults(page)).map((fault) => `${name}, ${colorScheme}, ${viewport.width}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(own);
  return wrong;
}
let turn = 0;
