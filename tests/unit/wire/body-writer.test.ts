import { describe, expect, test } from 'vitest'
import { BodyWriter, writeInt16 } from '../../../src/wire/body-writer.js'

test('patches the length, which counts itself and not the type byte', () => {
  expect(new BodyWriter('S').finish().toString('hex')).toBe('5300000004')
  expect(new BodyWriter(null).int32(7).finish().toString('hex')).toBe('0000000800000007')
  expect(new BodyWriter('X').cstring('ä').finish().toString('hex')).toBe('5800000007c3a400')
})

test('grows to whatever is written', () => {
  const big = Buffer.alloc(100_000, 1)
  const frame = new BodyWriter('d').bytes(big).list([1, 2], writeInt16).nullableBytes(big).finish()
  expect(frame.length).toBe(5 + 100_000 + 6 + 4 + 100_000)
  expect(frame.readInt32BE(1)).toBe(frame.length - 1)
})

describe('never writes', () => {
  test.each<readonly [string, () => unknown]>([
    ['a string with a NUL', () => new BodyWriter('X').cstring('a\0')],
    ['a byte that wraps', () => new BodyWriter('X').byte(256)],
    ['a character of two bytes', () => new BodyWriter('X').character('ā')],
    ['a count that wraps', () => new BodyWriter('X').list(new Array<number>(65_536).fill(0), writeInt16)],
  ])('%s', (_, write) => {
    expect(write).toThrow()
  })
})
