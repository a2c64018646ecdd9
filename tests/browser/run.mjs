// Runs every file of tests, two at a time. What waits for a table's clock or for a hand on a key comes
// last and by itself: two such files leave half of two processors free, any other takes one whole.
// Among the others the longest begin, so that nobody waits for them at the end.

import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const TIMED = ["loop", "control", "shortcuts", "on_table", "silence", "alarms"];
const LONGEST = ["tour", "pages"];

const here = dirname(fileURLToPath(import.meta.url));
const there = (await readdir(here)).filter((name) => name.endsWith(".test.mjs")).map((name) => name.replace(".test.mjs", "")).sort();
for (const name of [...TIMED, ...LONGEST]) {
  if (!there.includes(name)) throw new Error(`${name}.test.mjs is not there: take its name from run.mjs`);
}
const rest = there.filter((name) => !TIMED.includes(name) && !LONGEST.includes(name));

/** One go: says what failed, and whether anything did. */
function go(names) {
  const files = names.map((name) => join(here, `${name}.test.mjs`));
  return new Promise((ended, broken) => {
    let failed = false;
    const tests = run({ files, concurrency: 2 });
    tests.on("test:fail", () => { failed = true; });
    tests.on("error", broken);
    tests.compose(spec).on("end", () => ended(failed)).pipe(process.stdout, { end: false });
  });
}

for (const names of [[...LONGEST, ...rest], TIMED]) if (await go(names)) process.exitCode = 1;
