import { expect, test } from 'vitest'
import { Transcript } from '../../../../src/demo/tour/transcript.js'

function transcript() {
  const lines: string[] = []
  return { lines, made: new Transcript((line) => lines.push(line)) }
}

test('numbers the steps and counts what did not hold', () => {
  const { lines, made } = transcript()
  made.step('First')
  made.check('this holds', true)
  made.step('Second')
  made.check('this does not', false)
  expect(made.failures).toBe(1)
  expect(lines).toEqual(['\n1. First', '   ✓ this holds', '\n2. Second', '   ✗ NOT SO: this does not'])
})

test('shows a statement and its rows in columns, the first few', () => {
  const { lines, made } = transcript()
  made.statement('acme', 'SELECT a,\n  b')
  made.result({
    fields: [{ name: 'a' }, { name: 'bb' }],
    rows: Array.from({ length: 9 }, (_, i) => ({ a: i === 0 ? 'long' : i, bb: i === 1 ? null : { i } })),
  })
  expect(lines.slice(0, 5)).toEqual([
    '\n   acme=> SELECT a,',
    '            b',
    '      a     bb',
    '      long  {"i":0}',
    '      1',
  ])
  expect(lines.at(-1)).toBe('      … 9 rows')
})

test('an empty result says so', () => {
  const { lines, made } = transcript()
  made.result({ fields: [{ name: 'a' }], rows: [] })
  expect(lines).toEqual(['      a', '      (0 rows)'])
})
