import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Generator {
  readonly verdicts: {
    functionVerdicts(inventory: unknown): unknown
    relationVerdicts(inventory: unknown): unknown
    leakproofOperators(inventory: unknown): unknown
  }
  readonly render: {
    renderFunctions(verdicts: unknown): string
    renderRelations(verdicts: unknown): string
    renderOperators(names: unknown): string
  }
}

const root = new URL('../../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), 'utf8')

async function generator(): Promise<Generator> {
  const load = (name: string) => import(new URL(`scripts/generate/${name}.mjs`, root).href)
  return { verdicts: await load('verdicts'), render: await load('render') }
}

const inventory = (): Record<string, Record<string, unknown>> =>
  JSON.parse(text('scripts/generate/inventory.generated.json'))

test('the checked-in files are what the rules make of the inventory', async () => {
  const { verdicts, render } = await generator()
  const functions = render.renderFunctions(verdicts.functionVerdicts(inventory()))
  expect(functions === text('src/policy/functions.generated.ts'), 'run `npm run generate`').toBe(true)
  const relations = render.renderRelations(verdicts.relationVerdicts(inventory()))
  expect(relations).toBe(text('src/policy/system-relations.generated.ts'))
  const operators = render.renderOperators(verdicts.leakproofOperators(inventory()))
  expect(operators).toBe(text('src/policy/operators.generated.ts'))
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
