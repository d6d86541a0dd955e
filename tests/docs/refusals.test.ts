import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { REFUSALS, unsupported } from '../../src/sql/refusals.js'
import { filesBelow, ROOT } from '../architecture/source-files.js'
import { refusalsTables } from './refusals-tables.js'

const PAGE = '../../docs/supported-sql.md'
const MARK =
  '<!-- From here on written from src/sql/refusals.ts, src/sql/ast and src/core/errors.ts by tests/docs/refusals.test.ts (`npx vitest run tests/docs -u`); do not edit. -->\n'

test('the end of docs/supported-sql.md says what the tables of refusals say', async () => {
  const page = await readFile(new URL(PAGE, import.meta.url), 'utf8')
  const [prose = ''] = page.split('<!-- From here on')
  await expect(`${prose}${MARK}\n${refusalsTables()}`).toMatchFileSnapshot(PAGE)
})

test('every construct that is refused has its row: nothing but the table raises its code', async () => {
  const raising: string[] = []
  for (const path of filesBelow('src')) {
    const text = await readFile(new URL(`src/${path}`, `file://${ROOT}/`), 'utf8')
    if (/'UNSUPPORTED_CONSTRUCT'/.test(text)) raising.push(path)
  }
  expect(raising).toEqual(['sql/refusals.ts'])
})

test('every row is raised somewhere', async () => {
  const used = new Set<string>()
  for (const path of filesBelow('src')) {
    const text = await readFile(new URL(`src/${path}`, `file://${ROOT}/`), 'utf8')
    for (const [, name] of text.matchAll(/(?:unsupported|untied)\(\s*'(\w+)'/g)) used.add(name ?? '')
  }
  expect([...used].sort()).toEqual(Object.keys(REFUSALS).sort())
})

test('a refusal says its construct with the names filled in, and its way out as the hint', () => {
  const error = unsupported('copyOption', { position: 3, about: { option: 'freeze' } })
  expect([error.sqlstate, error.position, error.message, error.hint]).toEqual([
    '0A000',
    3,
    'COPY FROM with freeze is not available through the gateway',
    'Leave it out, or use INSERT.',
  ])
})
