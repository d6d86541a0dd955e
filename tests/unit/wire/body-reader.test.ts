import { describe, expect, test } from 'vitest'
import { BodyReader, int16 } from '../../../src/wire/body-reader.js'

function reader(hex: string): BodyReader {
  return new BodyReader('Test', Buffer.from(hex, 'hex'))
}

test('reads fields in order, big endian', () => {
  const body = reader(
    '41fffe fffe fffffffd fffffffd 616200 00000002 6364 ffffffff 0001 0005'.replaceAll(' ', ''),
  )
  expect(body.character()).toBe('A')
  expect(body.int16()).toBe(-2)
  expect(body.uint16()).toBe(65_534)
  expect(body.int32()).toBe(-3)
  expect(body.uint32()).toBe(4_294_967_293)
  expect(body.cstring()).toBe('ab')
  expect(body.nullableBytes()).toEqual(Buffer.from('cd'))
  expect(body.nullableBytes()).toBeNull()
  expect(body.list(int16)).toEqual([5])
  expect(() => body.end()).not.toThrow()
})

test('reads a range of a chunk and nothing around it', () => {
  const body = new BodyReader('Test', Buffer.from('xxabc\0yy'), { start: 2, end: 5 })
  expect(body.remaining).toBe(3)
  expect(() => body.cstring()).toThrow('not terminated')
  expect(body.rest()).toEqual(Buffer.from('abc'))
  expect(() => body.byte()).toThrow('shorter than its fields')
})

test('gives views, not copies', () => {
  const bytes = Buffer.from('abcd')
  const part = new BodyReader('Test', bytes).fixedBytes(2)
  expect(part.buffer).toBe(bytes.buffer)
  expect(part.byteOffset).toBe(bytes.byteOffset)
})

test('repairs text of a server where it repairs none of a client', () => {
  expect(reader('61ff00').lenientCstring()).toBe('a\ufffd')
  expect(() => reader('61ff00').cstring()).toThrow('not valid UTF-8')
})

describe('refuses', () => {
  test.each<readonly [string, string, (body: BodyReader) => unknown]>([
    ['a byte of nothing', '', (body) => body.byte()],
    ['half an Int16', '00', (body) => body.int16()],
    ['half an Int32', '000000', (body) => body.uint32()],
    ['a value longer than the body', '0000000561', (body) => body.nullableBytes()],
    ['a value of length -2', 'fffffffe', (body) => body.nullableBytes()],
    ['more elements announced than there are', 'ffff0001', (body) => body.list(int16)],
    ['what is left over', '00', (body) => body.end()],
  ])('%s', (_, hex, read) => {
    expect(() => read(reader(hex))).toThrow(
      expect.objectContaining({
        code: 'PROTOCOL_VIOLATION',
        params: expect.objectContaining({ message: 'Test' }),
      }),
    )
  })
})
