import { describe, expect, test } from 'vitest'
import { liftLiterals } from '../../../src/sql/lifted-literals.js'

function lifted(text: string): readonly string[] | null {
  const found = liftLiterals(Buffer.from(text))
  if (found === null) return null
  const bytes = Buffer.from(text)
  const literals: string[] = []
  for (let i = 0; i < found.spots.length; i += 2)
    literals.push(bytes.toString('utf8', found.spots[i], found.spots[i + 1]))
  return literals
}

describe('what is lifted', () => {
  test.each<[string, readonly string[]]>([
    ['SELECT 1, 007, 2147483647', ['1', '007', '2147483647']],
    ["SELECT '', 'é', 'it''s', ''''", ["''", "'é'", "'it''s'", "''''"]],
    ['SELECT -5, a-6', ['5', '6']],
    ["INSERT INTO t VALUES (1, 'a');", ['1', "'a'"]],
    ["SELECT date '2024-01-01'", ["'2024-01-01'"]],
    ["SELECT 'nowhere'::text, 1 -- 2", ["'nowhere'", '1']],
    ["SELECT timestamp '12:30 today', '{now}', 1", ['1']],
    ["SELECT 'tomato', 'yes'", ["'tomato'", "'yes'"]],
  ])('%j', (text, literals) => {
    expect(lifted(text)).toEqual(literals)
  })
})

describe('what is not lifted', () => {
  test.each([
    'SET statement_timeout TO 5',
    'SELECT 1; SELECT 2',
    'SELECT $1',
    'SELECT 1.5, .5, 1e5, 0x1f, 1_000, 5.',
    'SELECT 2147483648',
    'SELECT 12345678901',
    'SELECT a1 FROM t2',
    'SELECT /* 5 */ x -- 6',
    'SELECT \u0001 + 5',
    "SELECT E'a', B'1', X'f', N'a', U&'a', $$a$$, $x$a$x$",
    "SELECT 'a\\'",
    "SELECT 'a'\n'b'",
    "SELECT 'now', ' Today', '\ttomorrow', 'yesterday ', 'it''now'",
    "SELECT '_tg1', 'x_TG_'",
    "SELECT 'open",
  ])('%j', (text) => {
    expect(lifted(text)).toBeNull()
  })

  test('anything of a text that is not UTF-8', () => {
    expect(liftLiterals(Buffer.from("SELECT 1, '\xff'", 'latin1'))).toBeNull()
  })
})

describe('the shape', () => {
  const shape = (text: string) => liftLiterals(Buffer.from(text))?.shape

  test.each([
    ['SELECT 1 + 23', 'SELECT 2147483647 + 0'],
    ["SELECT * FROM t WHERE a = 'x'", "SELECT * FROM t WHERE a = 'it''s ; long'"],
  ])('%j has that of %j', (a, b) => {
    expect(shape(a)).toBe(shape(b))
  })

  test.each([
    ['SELECT 1', "SELECT '1'"],
    ['SELECT 1', 'SELECT -1'],
    ['SELECT 1, 2', 'SELECT 1 , 2'],
    ['SELECT 1', 'SELECT 2147483648'],
    ["SELECT 'a'", "SELECT 'now'"],
  ])('%j has another than %j', (a, b) => {
    expect(shape(a)).not.toBe(shape(b))
  })
})
