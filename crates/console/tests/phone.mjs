// Holds the triage of a phone against the server's: `node phone.mjs triage.mjs < cases.json`.
// Each case is a sheet, an instant, answers that stay, and options of which every none, one, two
// and three are told on top; `verdicts` has the server's result of each, in the same order.
// Prints how many were asked, how many the phone takes milder, how many it takes worse.

import { readFileSync } from "node:fs";

const { decide } = await import(process.argv[2]);
const cases = JSON.parse(readFileSync(0, "utf8"));
const count = { asked: 0, milder: 0, worse: 0, example: null };

for (const { sheet, now, base, options, verdicts } of cases) {
  let next = 0;
  const ask = (told) => {
    const answers = new Map(Object.entries(base));
    for (const [fact, value] of told) answers.set(fact, value);
    const phone = sheet.verdicts.indexOf(decide(sheet, answers, now).verdict);
    const server = Number(verdicts[next]);
    next += 1;
    count.asked += 1;
    if (phone === server) return;
    count[phone > server ? "milder" : "worse"] += 1;
    count.example ??= { told, phone: sheet.verdicts[phone], server: sheet.verdicts[server] };
  };
  const go = (from, told) => {
    ask(told);
    if (told.length === 3) return;
    for (let at = from; at < options.length; at += 1) {
      if (!told.some(([fact]) => fact === options[at][0])) go(at + 1, [...told, options[at]]);
    }
  };
  go(0, []);
  if (next !== verdicts.length) throw new Error(`${verdicts.length} verdicts for ${next} forms`);
}
console.log(JSON.stringify(count));
