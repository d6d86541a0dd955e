/**
 * Writes src/policy/*.generated.ts from the inventory of the supported servers and the reviewed rules.
 *
 *   npm run generate                   applies changed rules to the inventory that is checked in
 *   npm run generate -- URL URL …      first takes a new inventory: one superuser URL for each supported major version,
 *                                      of a database without extensions
 */
import { readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import { inventoryOf, mergeInventories } from './generate/inventory.mjs'
import { renderFunctions, renderOperators, renderRelations } from './generate/render.mjs'
import { functionVerdicts, leakproofOperators, relationVerdicts } from './generate/verdicts.mjs'

const INVENTORY = new URL('./generate/inventory.generated.json', import.meta.url)
const POLICY = new URL('../src/policy/', import.meta.url)

async function takeInventory(url) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await inventoryOf(client)
  } finally {
    await client.end()
  }
}

/** One line a name, so that a new version shows as a readable difference. */
function stringifyInventory(inventory) {
  const section = (entries) =>
    `{\n${Object.keys(entries)
      .sort()
      .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entries[name])}`)
      .join(',\n')}\n}`
  return `{\n"versions": ${JSON.stringify(inventory.versions)},\n"functions": ${section(inventory.functions)},\n"relations": ${section(inventory.relations)},\n"operators": ${section(inventory.operators)}\n}\n`
}

const urls = process.argv.slice(2)
if (urls.length > 0) {
  const found = []
  for (const url of urls) found.push(await takeInventory(url))
  found.sort((a, b) => a.version - b.version)
  writeFileSync(INVENTORY, stringifyInventory(mergeInventories(found)))
}
const inventory = JSON.parse(readFileSync(INVENTORY, 'utf8'))
writeFileSync(new URL('functions.generated.ts', POLICY), renderFunctions(functionVerdicts(inventory)))
writeFileSync(new URL('system-relations.generated.ts', POLICY), renderRelations(relationVerdicts(inventory)))
writeFileSync(new URL('operators.generated.ts', POLICY), renderOperators(leakproofOperators(inventory)))
