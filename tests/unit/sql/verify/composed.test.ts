import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src/core/errors.js'
import { loadParser } from '../../../../src/sql/parser.js'
import { splice } from '../../../../src/sql/splice.js'
import { scopedSql } from '../../../support/sql-world.js'
import { type Scoping, scoping } from '../edits.js'
import { compiledFixtures } from '../fixture.js'
import { isProven } from './proof.js'

beforeAll(loadParser)

/** Queries of the fixtures that may stand inside another statement. */
const QUERIES = compiledFixtures()
  .filter(({ given }) => Object.keys(given).length === 0)
  .map(({ input }) => input.replace(/;$/, ''))
  .filter(
    (text) =>
      /^(SELECT|TABLE|VALUES|WITH)\b/.test(text) && !/;|--|set_config|DELETE|UPDATE|INSERT|MERGE/.test(text),
  )

type Compose = (a: string, b: string, c: string) => string

const COMPOSITIONS: readonly Compose[] = [
  (a, b, c) => `SELECT * FROM (${a}) a, LATERAL (${b}) b WHERE EXISTS (${c})`,
  (a, b, c) =>
    `SELECT count(*) FROM (${a}) a LEFT JOIN orders ON true RIGHT JOIN (${b}) b ON (SELECT true FROM (${c}) c)`,
  (a, b, c) => `WITH a AS (${a}), orders AS (${b}), b AS (${c}) SELECT * FROM a, b, orders, public.orders o`,
  (a, b, c) =>
    `WITH RECURSIVE orders AS (${a}) SELECT * FROM orders, (WITH users AS (${b}) SELECT * FROM users, items) q WHERE EXISTS (${c})`,
  (a, b, c) => `(${a}) UNION ALL (${b}) EXCEPT (${c})`,
  (a, b, c) =>
    `SELECT ARRAY(SELECT 1 FROM (${a}) a), EXISTS (${b}), CASE WHEN EXISTS (${c}) THEN 1 END FROM users u`,
  (a, b, c) =>
    `INSERT INTO users (id, name) SELECT (SELECT 1 FROM (${a}) a), 'x' FROM (${b}) b ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE EXISTS (${c})`,
  (a, b, c) =>
    `INSERT INTO users (id) VALUES ((SELECT 1 FROM (${a}) a)), ((SELECT 2 FROM (${b}) b)) RETURNING EXISTS (${c})`,
  (a, b, c) =>
    `UPDATE orders SET note = 'x', total = (SELECT 1 FROM (${a}) a) FROM (${b}) b WHERE EXISTS (${c}) OR true RETURNING *`,
  (a, b, c) => `DELETE FROM orders USING (${a}) a, (${b}) b WHERE NOT EXISTS (${c})`,
  (a, b, c) =>
    `MERGE INTO orders o USING (${a}) a ON EXISTS (${b}) WHEN MATCHED AND EXISTS (${c}) THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (1)`,
  (a, b, c) =>
    `WITH d AS (DELETE FROM users WHERE EXISTS (${a}) RETURNING *), i AS (INSERT INTO orders (id) SELECT 1 FROM (${b}) b) SELECT * FROM d WHERE EXISTS (${c})`,
  (a, b, c) => `EXPLAIN SELECT 1 FROM (${a}) a ORDER BY EXISTS (${b}), EXISTS (${c})`,
  (a, b, c) => `${a}; ${b}; ${c}`,
]

function texts(): fc.Arbitrary<string> {
  const query = fc.constantFrom(...QUERIES)
  return fc
    .tuple(fc.constantFrom(...COMPOSITIONS), query, query, query)
    .map(([compose, a, b, c]) => compose(a, b, c))
}

/** The scoping of a text; null where a rule refuses it. */
function accepted(text: string): Scoping | null {
  try {
    return scoping(text)
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'ISOLATION_UNPROVEN') return null
    throw error
  }
}

/** TABLE written out and qualified system columns: without them the text is the client's own. */
function isCosmetic({ pieces }: Scoping['edits'][number]): boolean {
  const [piece] = pieces
  return pieces.length === 1 && typeof piece === 'string' && /^(SELECT \* FROM|"?\w+"?\.)$/.test(piece)
}

describe('of queries put into one another', () => {
  test('verify proves what the rules make, and nothing that lacks one of their edits', () => {
    let mutants = 0
    fc.assert(
      fc.property(texts(), (text) => {
        const made = accepted(text)
        if (made === null) return
        const bytes = Buffer.from(text)
        const scoped = splice(bytes, made.edits).fill('acme', 'acme').toString('utf8')
        expect(isProven(text, scoped, made), text).toBe(true)
        expect(scopedSql(text)).toBe(scoped)
        for (const edit of made.edits) {
          if (isCosmetic(edit)) continue
          const rest = made.edits.filter((each) => each !== edit)
          const mutant = splice(bytes, rest).fill('acme', 'acme').toString('utf8')
          mutants += 1
          expect(isProven(text, mutant, made), mutant).toBe(false)
        }
      }),
      { numRuns: 250 },
    )
    expect(mutants).toBeGreaterThan(1000)
  })
})
