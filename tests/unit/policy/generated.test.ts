import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { support } from '../../../src/policy/builtin-function.js'

type Inventory = Record<string, Record<string, unknown>>

interface Generator {
  readonly generated: { generated(inventory: unknown, extensions: unknown): Record<string, string> }
  readonly functionRules: { readonly REASONS: Record<string, string> }
  readonly verdicts: {
    functionVerdicts(inventory: unknown): unknown
    informationSchemaFunctions(inventory: unknown): unknown
    relationVerdicts(inventory: unknown): unknown
  }
  readonly catalog: {
    operatorVerdicts(inventory: unknown): unknown
    settingVerdicts(inventory: unknown): readonly { readonly name: string }[]
    typeVerdicts(inventory: unknown): unknown
  }
  readonly extensions: { extensionVerdicts(inventory: unknown): unknown }
}

const root = new URL('../../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), 'utf8')

async function generator(): Promise<Generator> {
  const load = (name: string) => import(new URL(`scripts/generate/${name}.mjs`, root).href)
  return {
    generated: await load('generated'),
    functionRules: await load('function-rules'),
    verdicts: await load('verdicts'),
    catalog: await load('catalog-verdicts'),
    extensions: await load('extension-verdicts'),
  }
}

const inventory = (): Inventory => JSON.parse(text('scripts/generate/inventory.generated.json'))
const extensions = (): Inventory => JSON.parse(text('scripts/generate/extensions.generated.json'))

test('the checked-in files are what the rules make of the inventory', async () => {
  const { generated } = await generator()
  const files = Object.entries(generated.generated(inventory(), extensions()))
  const stale = files.filter(([path, made]) => made !== text(path)).map(([path]) => path)
  expect(stale, 'run `npm run generate`').toEqual([])
})

test('the rules and the client read the same about support functions', async () => {
  const { functionRules } = await generator()
  expect(functionRules.REASONS.support).toBe(support.reason)
})

const plain = { leakproof: false, public: true, overloads: { integer: [19] } }

test.each([
  ['a function that no rule decides', { frobnicate: plain }, 'no rule decides these functions: frobnicate'],
  ['an allowed function that is volatile', { lower: { ...plain, volatile: true } }, 'add it to VOLATILE'],
  ['an allowed function of internal arguments', { lower: { ...plain, internal: true } }, 'internal type'],
  ['an allowed function that is not everybody’s', { lower: { ...plain, public: false } }, 'may not execute'],
])('generating stops at %s', async (_, functions, message) => {
  const { verdicts } = await generator()
  const all = inventory()
  expect(() => verdicts.functionVerdicts({ ...all, functions: { ...all.functions, ...functions } })).toThrow(
    message,
  )
})

test.each([
  [
    'a relation that no rule decides',
    { 'pg_catalog.pg_new': { public: true } },
    'no rule decides these relations',
  ],
  ['a shown relation that is not everybody’s', { 'pg_catalog.pg_class': { public: false } }, "can't read it"],
])('generating stops at %s', async (_, relations, message) => {
  const { verdicts } = await generator()
  const all = inventory()
  expect(() => verdicts.relationVerdicts({ ...all, relations: { ...all.relations, ...relations } })).toThrow(
    message,
  )
})

test('a new statistics view is emptied, a privileged one denied', async () => {
  const { verdicts } = await generator()
  const all = inventory()
  const relations = {
    ...all.relations,
    'pg_catalog.pg_stat_new': { public: true },
    'pg_catalog.pg_stat_secret': { public: false },
  }
  expect(verdicts.relationVerdicts({ ...all, relations })).toEqual(
    expect.arrayContaining([
      { name: 'pg_catalog.pg_stat_new', access: 'empty' },
      { name: 'pg_catalog.pg_stat_secret', access: 'denied' },
    ]),
  )
})

test.each([
  ['functions', 'information_schema._pg_new', plain, 'no rule decides these functions'],
  [
    'operators',
    '<%%>',
    { leakproof: false, functions: [], overloads: {} },
    'no rule decides these operators',
  ],
  ['operators', '=', { volatile: true, functions: [], overloads: {} }, 'operator = is volatile'],
  ['operators', '=', { functions: ['query_to_xml'], overloads: {} }, 'calls what is denied: query_to_xml'],
  ['types', 'pg_catalog.novel', { kind: 'b' }, 'no rule decides these types: pg_catalog.novel'],
  ['settings', 'novel', { category: 'Novel / Novelties', versions: [19] }, 'no rule decides these settings'],
  ['settings', 'jit', { category: 'Query Tuning', versions: [19], user: false }, "an ordinary role can't"],
])('generating stops at what is new among %s: %s', async (section, name, entry, message) => {
  const { verdicts, catalog } = await generator()
  const all = inventory()
  const changed = { ...all, [section]: { ...all[section], [name]: entry } }
  expect(() => {
    verdicts.informationSchemaFunctions(changed)
    catalog.operatorVerdicts(changed)
    catalog.typeVerdicts(changed)
    catalog.settingVerdicts(changed)
  }).toThrow(message)
})

test.each([
  ['an extension that no rule decides', 'novel', {}, 'no rule decides these extensions: novel'],
  ["a function that runs with its owner's rights", 'hstore', { definer: true, languages: ['c'] }, 'deny it'],
  ['a function that counts as free', 'hstore', { free: true, languages: ['c'] }, 'deny it'],
  ['a body that nobody read', 'hstore', { languages: ['plpgsql'] }, 'read it, or deny it'],
  ['a language that nobody reads', 'citext', { languages: ['plperl'] }, 'read it, or deny it'],
])('generating stops at %s', async (_, extension, about, message) => {
  const { extensions: rules } = await generator()
  const all = extensions()
  const functions = { ...(all[extension]?.functions as object), novel: { overloads: [''], ...about } }
  expect(() => rules.extensionVerdicts({ ...all, [extension]: { functions } })).toThrow(message)
})
