import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { loadParser } from '../../../src/sql/parser.js'
import { compileSql, SNAPSHOT } from '../../support/sql-world.js'

beforeAll(loadParser)

/** The compiler's cache must not answer. */
let generation = SNAPSHOT.generation

/** The hint of the refusal on a server of this version, or null where the text is accepted. */
function refusal(text: string, major: number, functions = SNAPSHOT.functions): string | null {
  generation += 1
  const snapshot = { ...SNAPSHOT, generation, serverVersion: major * 10_000 + 4, functions }
  try {
    compileSql(text, { snapshot })
    return null
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'UNSUPPORTED_CONSTRUCT') throw error
    return error.hint ?? ''
  }
}

const MERGE = 'MERGE INTO orders o USING (SELECT 1 AS id) s ON o.id = s.id'

describe('what an older server would take for something else', () => {
  test.each([
    ['SELECT 1_0', 16],
    ['SELECT 0x10', 16],
    ['SELECT 0B1', 16],
    ['SELECT 1.5_0', 16],
    ['SELECT json_array(1)', 16],
    ["SELECT json_object('a': 1)", 16],
    ['SELECT json_arrayagg(note) FROM orders', 16],
    ['SELECT note IS JSON FROM orders', 16],
    ["SELECT json('1')", 17],
    ["SELECT json_scalar('x'::text)", 17],
    ["SELECT json_exists('{}'::jsonb, '$')", 17],
    ["SELECT json_serialize('{}')", 17],
    ["SELECT 1 FROM json_table('[]'::jsonb, '$' COLUMNS (a int)) t", 17],
    [`${MERGE} WHEN MATCHED THEN DELETE`, 15],
    [`${MERGE} WHEN MATCHED THEN DELETE RETURNING o.id`, 17],
    ['UPDATE orders SET note = 1 RETURNING WITH (OLD AS o) o.note', 18],
  ])('%s is refused before %i', (text, first) => {
    expect(refusal(text, first - 1)).toContain(`PostgreSQL ${first}`)
    expect(refusal(text, first)).toBeNull()
  })

  test('json_object of two arguments is refused before 16 only where a user’s function could be meant', () => {
    const text = "SELECT json_object('{a}', '{b}')"
    expect(refusal(text, 15)).toBeNull()
    expect(refusal(text, 15, new Map([...SNAPSHOT.functions, ['json_object', []]]))).toContain(
      'PostgreSQL 16',
    )
  })

  test.each(['SELECT 10, 1.5, 1e5', 'SELECT $1', "SELECT 'a_0x1' AS _0", 'SELECT id AS json FROM orders'])(
    '%s means the same everywhere',
    (text) => {
      expect(refusal(text, 14)).toBeNull()
    },
  )
})
