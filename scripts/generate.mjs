/**
 * Writes src/policy/*.generated.ts and docs/functions.md and settings.md from the inventory of the supported servers and
 * the reviewed rules.
 *
 *   npm run generate                   applies changed rules to the inventory that is checked in
 *   npm run generate -- URL URL …      first takes a new inventory: one superuser URL for each supported major version,
 *                                      of a database without extensions
 *   npm run generate -- NAME@VERSION=FILE …   first adds what an extension's script makes, where no server has it
 */
import { readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import { scriptFunctions } from './generate/extension-script.mjs'
import { addExtension } from './generate/extensions.mjs'
import { generated } from './generate/generated.mjs'
import { inventoryOf, mergeInventories } from './generate/inventory.mjs'

const INVENTORY = new URL('./generate/inventory.generated.json', import.meta.url)
const EXTENSIONS = new URL('./generate/extensions.generated.json', import.meta.url)
const ROOT = new URL('../', import.meta.url)

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
function lines(entries) {
  const rows = Object.keys(entries)
    .sort()
    .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entries[name])}`)
  return `{\n${rows.join(',\n')}\n}`
}

function stringifyInventory({ versions, ...sections }) {
  const parts = Object.entries(sections).map(
    ([name, entries]) => `${JSON.stringify(name)}: ${lines(entries)}`,
  )
  return `{\n"versions": ${JSON.stringify(versions)},\n${parts.join(',\n')}\n}\n`
}

function stringifyExtensions(extensions) {
  const parts = Object.keys(extensions)
    .sort()
    .map((name) => {
      const { sources, functions } = extensions[name]
      return `${JSON.stringify(name)}: {\n"sources": ${JSON.stringify(sources)},\n"functions": ${lines(functions)}\n}`
    })
  return `{\n${parts.join(',\n')}\n}\n`
}

const extensions = JSON.parse(readFileSync(EXTENSIONS, 'utf8'))
const urls = process.argv.slice(2).filter((argument) => argument.includes('://'))
const scripts = process.argv.slice(2).filter((argument) => !argument.includes('://'))
if (urls.length > 0) {
  const found = []
  for (const url of urls) found.push(await takeInventory(url))
  found.sort((a, b) => a.version - b.version)
  writeFileSync(INVENTORY, stringifyInventory(mergeInventories(found)))
  for (const one of found) {
    for (const [name, functions] of Object.entries(one.extensions))
      addExtension(extensions, name, { source: `PostgreSQL ${one.version}`, functions })
  }
}
for (const script of scripts) {
  const [, name, version, file] = /^(.+)@(.+)=(.+)$/.exec(script) ?? []
  const functions = await scriptFunctions(readFileSync(file, 'utf8'))
  addExtension(extensions, name, { source: version, functions })
}
if (urls.length + scripts.length > 0) writeFileSync(EXTENSIONS, stringifyExtensions(extensions))

const inventory = JSON.parse(readFileSync(INVENTORY, 'utf8'))
for (const [path, text] of Object.entries(generated(inventory, extensions)))
  writeFileSync(new URL(path, ROOT), text)
