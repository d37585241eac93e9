// Validates exports against the official schemas: node validate.mjs SCHEMAS KIND FILE [KIND FILE]…
// Prints "valid FILE", or what is wrong with it. Formats are asserted: without it CycloneDX' signature schema refuses its own examples.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import {readFileSync} from 'node:fs';

const kinds = {
  oscal: {schema: 'oscal/1.2.2/oscal_complete_schema.json', refs: []},
  cyclonedx: {schema: 'cyclonedx/bom-1.6.schema.json',
    refs: ['cyclonedx/spdx.schema.json', 'cyclonedx/jsf-0.82.schema.json', 'cyclonedx/cryptography-defs.schema.json']},
};
const [schemas, ...rest] = process.argv.slice(2);
const read = file => JSON.parse(readFileSync(file, 'utf8'));
const compiled = new Map();
function validator(kind) {
  if (!compiled.has(kind)) {
    const ajv = new Ajv({strict: false, unicodeRegExp: true, allErrors: true, logger: false});
    addFormats(ajv);
    for (const ref of kinds[kind].refs) ajv.addSchema(read(`${schemas}/${ref}`));
    compiled.set(kind, ajv.compile(read(`${schemas}/${kinds[kind].schema}`)));
  }
  return compiled.get(kind);
}
let failed = 0;
for (let i = 0; i + 1 < rest.length; i += 2) {
  const validate = validator(rest[i]);
  if (validate(read(rest[i + 1]))) {
    console.log(`valid ${rest[i + 1]}`);
  } else {
    failed++;
    console.log(`invalid ${rest[i + 1]}`);
    for (const e of validate.errors.slice(0, 10)) console.log(`  ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  }
}
process.exit(failed ? 1 : 0);
