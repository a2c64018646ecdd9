// Triage on a phone without a network: the rules of `care` as trees over the answers of a
// check-in, in three values. A test holds it against the server's, which it never undercuts.

/** True, false, or nobody knows. */
export type Three = boolean | null;

/** Criteria, as `care::triage::Ask` writes them. */
export type Ask =
  | { readonly all: readonly Ask[] }
  | { readonly any: readonly Ask[] }
  | { readonly at_least: readonly [number, readonly Ask[]] }
  | { readonly not: Ask }
  | { readonly not_shown: Ask }
  | { readonly known: Three }
  | { readonly one_of: readonly [string, readonly string[]] }
  | { readonly compare: readonly [string, string, number] };

export interface Rule {
  readonly rule: string;
  readonly verdict: string;
  readonly undecided: string;
  readonly statement: string;
  /** What the patient says of it at the desk of an emergency department. */
  readonly say?: string;
  readonly when: Ask;
}

/** What `care::triage::Sheet` says of one session; instants as RFC 3339. */
export interface Sheet {
  readonly at: string;
  readonly ended: string;
  readonly sites: readonly string[];
  readonly arrival: readonly (number | null)[];
  readonly worst: readonly (number | null)[];
  readonly verdicts: readonly string[];
  readonly otherwise: string;
  readonly rules: readonly Rule[];
}

export interface Result {
  readonly verdict: string;
  /** The rules that hold, the worst first. */
  readonly fired: readonly Rule[];
}

/** Answers by fact, as the form sends them: `since_fall` → `no`, `pain_now[spine]` → `3`. */
export type Answers = ReadonlyMap<string, string>;

/** A rise from here on counts as time of soreness (CLINICAL.md §6). */
const RISE_THAT_LASTS = 1;
const HOUR = 3_600_000;

/** What answers given now (milliseconds since 1970) mean. */
export function decide(sheet: Sheet, answers: Answers, now: number): Result {
  const told = new Told(sheet, answers, now);
  const judged = sheet.rules.map((rule) => ({ rule, outcome: told.asks(rule.when) }));
  const rank = (verdict: string): number => Math.max(0, sheet.verdicts.indexOf(verdict));
  const worse = (a: string, b: string): string => (rank(a) <= rank(b) ? a : b);
  const fired = judged.filter((one) => one.outcome === true).map((one) => one.rule);
  fired.sort((a, b) => rank(a.verdict) - rank(b.verdict));
  const open = judged.filter((one) => one.outcome === null).map((one) => one.rule.undecided);
  const start = fired[0]?.verdict ?? sheet.otherwise;
  return { verdict: open.reduce(worse, start), fired };
}

/** Answers and what follows from them. */
class Told {
  private readonly computed: ReadonlyMap<string, number>;

  constructor(sheet: Sheet, private readonly answers: Answers, now: number) {
    this.computed = derived(sheet, answers, now);
  }

  asks(ask: Ask): Three {
    if ("all" in ask) return all(ask.all.map((part) => this.asks(part)));
    if ("any" in ask) return not(all(ask.any.map((part) => not(this.asks(part)))));
    if ("at_least" in ask) return atLeast(ask.at_least[0], ask.at_least[1].map((part) => this.asks(part)));
    if ("not" in ask) return not(this.asks(ask.not));
    if ("not_shown" in ask) return this.asks(ask.not_shown) !== true;
    if ("one_of" in ask) return this.oneOf(...ask.one_of);
    if ("compare" in ask) return this.compare(...ask.compare);
    return ask.known;
  }

  private oneOf(fact: string, words: readonly string[]): Three {
    const answer = this.answers.get(fact);
    return answer === undefined || answer === "" || answer === "?" ? null : words.includes(answer);
  }

  private compare(fact: string, operator: string, limit: number): Three {
    const found = this.computed.get(fact) ?? number(this.answers.get(fact));
    if (found === null) return null;
    switch (operator) {
      case "<": return found < limit;
      case "<=": return found <= limit;
      case ">": return found > limit;
      case ">=": return found >= limit;
      default: return null;
    }
  }
}

function not(value: Three): Three {
  return value === null ? null : !value;
}

function all(values: readonly Three[]): Three {
  if (values.includes(false)) return false;
  return values.includes(null) ? null : true;
}

function atLeast(count: number, values: readonly Three[]): Three {
  const held = values.filter((value) => value === true).length;
  const open = values.filter((value) => value === null).length;
  if (held >= count) return true;
  return held + open < count ? false : null;
}

function number(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const found = Number(text.replace(",", "."));
  return Number.isFinite(found) ? found : null;
}

/** Rise per site and duration, as CLINICAL.md §6 defines them; what cannot be known is left out. */
function derived(sheet: Sheet, answers: Answers, now: number): Map<string, number> {
  const found = new Map<string, number>();
  const sites = sheet.sites.map((site, place) => {
    const present = number(answers.get(`pain_now[${site}]`));
    const since = number(answers.get(`pain_worst_since[${site}]`));
    const told = [sheet.worst[place] ?? null, present, since].filter((score) => score !== null);
    const worst = told.length > 0 ? Math.max(...told) : null;
    return { site, present, since, worst, arrival: sheet.arrival[place] ?? null };
  });
  for (const { site, present, since, worst, arrival } of sites) {
    const said = present !== null || since !== null;
    if (said && worst !== null && arrival !== null) found.set(`pain_rise[${site}]`, worst - arrival);
  }
  const up = (score: number | null, arrival: number | null): Three =>
    score === null || arrival === null ? null : score - arrival >= RISE_THAT_LASTS;
  const hours = duration(
    sites.map((one) => up(one.present, one.arrival)),
    sites.map((one) => up(one.worst, one.arrival)),
    (now - Date.parse(sheet.ended)) / HOUR,
    number(answers.get("soreness_gone_after")),
  );
  if (hours !== null) found.set("soreness_duration", hours);
  return found;
}

function duration(now: readonly Three[], ever: readonly Three[], elapsed: number, gone: number | null): number | null {
  if (now.includes(true)) return elapsed;
  if (now.includes(null)) return null;
  if (ever.every((one) => one === false)) return 0;
  return gone === null ? null : Math.min(Math.max(gone, 0), elapsed);
}
