import { describe, expect, test } from 'vitest'
import { tieViolation } from '../../../src/sql/tie-violation.js'

const NAMES = '["public","items","order_id","orders","tie"]'

function violation(message: string, given: Readonly<Record<string, string>> = {}) {
  const fields = { S: 'ERROR', V: 'ERROR', C: '22P02', M: message, W: 'inside', R: 'boolin', ...given }
  const told = tieViolation(new Map(Object.entries(fields)))
  return told && Object.fromEntries(told)
}

const failed = (about: string) => `invalid input syntax for type boolean: "tg_parent ${about} tg_parent"`

describe('the failure of a tie', () => {
  test('is told as that of the foreign key, and nothing else of the error', () => {
    expect(violation(failed(`${NAMES} f 5`))).toEqual({
      S: 'ERROR',
      V: 'ERROR',
      C: '23503',
      M: 'insert or update on table "items" violates foreign key constraint "tie"',
      D: 'Key (order_id)=(5) is not present in table "orders".',
      n: 'tie',
      s: 'public',
      t: 'items',
    })
  })

  test('of a deferred key says that it comes early', () => {
    expect(violation(failed(`${NAMES.replace(']', ',"deferred"]')} f 5`))?.H).toContain('deferred')
  })

  test('without a key is that of a column which may not be null', () => {
    expect(violation(failed(`${NAMES} t `))).toMatchObject({ C: '23502', c: 'order_id', t: 'items' })
  })

  test.each([
    ['of several lines', 'a\nb'],
    ['like ours', `${NAMES} t  tg_parent`],
    ['of nothing', ''],
  ])('keeps a value %s', (_title, value) => {
    expect(violation(failed(`${NAMES} f ${value}`))?.D).toBe(
      `Key (order_id)=(${value}) is not present in table "orders".`,
    )
  })

  test('keeps names with quotes', () => {
    const names = JSON.stringify(['public', 'it"s', 'a\\b', 'or]ders', 'a "tie"'])
    expect(violation(failed(`${names} f 5`))?.M).toBe(
      'insert or update on table "it"s" violates foreign key constraint "a "tie""',
    )
  })
})

describe('an error', () => {
  test.each([
    ['of another code', failed(`${NAMES} f 5`), { C: '23505' }],
    ['of another value', 'invalid input syntax for type boolean: "tg_parent"', {}],
    ['without names', failed('[] f 5'), {}],
    ['that says nothing of the value', failed(NAMES), {}],
  ])('%s stays as it is', (_title, message, given) => {
    expect(violation(message, given)).toBeNull()
  })
})
