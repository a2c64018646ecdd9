// What a resource is found by, as npm `fhirpath` with its model of R4 sees it: the expression of
// every parameter over every resource gives what our own extraction gave.
//
//   node search.cjs FOLDER        agrees or says where not
//   node search.cjs FOLDER broken must disagree: one expression is changed first
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

// Nothing is fetched here: the type of what is referred to is in the reference.
const offline = (expression) => expression.replace(/resolve\(\) is (\w+)/g, "reference.startsWith('$1/')");

const folder = process.argv[2];
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const table = read('params.json');
if (process.argv[3] === 'broken') table.Observation.code = 'Observation.category';

const compiled = new Map();
const evaluate = (resource, expression) => {
  if (!compiled.has(expression)) compiled.set(expression, fhirpath.compile(offline(expression), r4));
  return compiled.get(expression)(resource);
};
const plain = (value) => JSON.parse(JSON.stringify(value));

let [resources, values, faults] = [0, 0, 0];
const exercised = new Set();
for (const name of fs.readdirSync(folder).filter((one) => one !== 'params.json')) {
  const { resource, found } = read(name);
  resources += 1;
  for (const [param, expression] of Object.entries(table[resource.resourceType])) {
    const theirs = plain(evaluate(resource, expression));
    const ours = found[param] ?? [];
    values += theirs.length;
    if (theirs.length > 0) exercised.add(`${resource.resourceType}.${param}`);
    if (!isDeepStrictEqual(ours, theirs)) {
      faults += 1;
      if (faults <= 5) console.error(`${name} ${param}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`);
    }
  }
}
const all = Object.entries(table).flatMap(([type, params]) => Object.keys(params).map((param) => `${type}.${param}`));
const never = all.filter((one) => !exercised.has(one));
console.log(`fhirpath: ${resources} resources, ${values} values of ${exercised.size} of ${all.length} parameters, ${faults} disagreements`);
if (never.length > 0) console.log(`no resource has a value for: ${never.join(' ')}`);
// A comparison of nothing with nothing shows nothing.
process.exit(faults > 0 || resources < 100 || exercised.size < 100 ? 1 : 0);
