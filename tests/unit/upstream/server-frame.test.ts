import { describe, expect, test } from 'vitest'
import type { VerifiedSql } from '../../../src/sql/compiled.js'
import { parseFrame, parsePieces, queryFrame, queryPieces } from '../../../src/upstream/server-frame.js'

const sql = (bytes: number) => Buffer.alloc(bytes, 'x') as unknown as VerifiedSql

describe.each([
  ['small', 1_000, 1],
  ['large', 1_000_000, 3],
])('a %s text', (_title, bytes, count) => {
  test('makes a Query', () => {
    const pieces = queryPieces(sql(bytes))
    expect(pieces).toHaveLength(count)
    expect(Buffer.concat(pieces).equals(queryFrame(sql(bytes)))).toBe(true)
  })

  test.each(['', 'naïve'])('makes a Parse named "%s"', (name) => {
    const pieces = parsePieces(name, sql(bytes), [23, 25])
    expect(pieces).toHaveLength(count)
    expect(Buffer.concat(pieces).equals(parseFrame(name, sql(bytes), [23, 25]))).toBe(true)
  })
})
