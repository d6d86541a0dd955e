import { expect, test } from 'vitest'
import { ResultSize } from '../../../src/limits/result-size.js'

test.each([
  [{ resultRows: 2, resultBytes: 0 }, [null, null, '2 rows']],
  [{ resultRows: 0, resultBytes: 20 }, [null, null, '20 bytes']],
  [{ resultRows: 0, resultBytes: 0 }, [null, null, null]],
])('%o', (limits, expected) => {
  const size = new ResultSize()
  expect([10, 10, 10].map((bytes) => size.add(bytes, limits))).toEqual(expected)
})

test('the next result is counted from its beginning', () => {
  const size = new ResultSize()
  const limits = { resultRows: 1, resultBytes: 0 }
  expect(size.add(1, limits)).toBeNull()
  size.reset()
  expect(size.add(1, limits)).toBeNull()
})

test('what is no row is not counted as one', () => {
  const size = new ResultSize()
  const limits = { resultRows: 1, resultBytes: 0 }
  size.reset(1)
  expect([size.add(1, limits), size.add(1, limits), size.add(1, limits)]).toEqual([null, null, '1 rows'])
})
