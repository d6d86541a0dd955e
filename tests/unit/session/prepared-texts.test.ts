import { describe, expect, test } from 'vitest'
import { PreparedTexts } from '../../../src/session/prepared-texts.js'

const MEGABYTE = 2 ** 20
const prepared = (bytes: number) => ({ text: { length: bytes } as unknown as Buffer })
const refusal = expect.objectContaining({ code: 'PREPARED_LIMITED', sqlstate: '53400' })

describe('what a session has prepared', () => {
  test('is bounded in number', () => {
    const texts = new PreparedTexts()
    for (let i = 0; i < 10_000; i += 1) texts.set(`s${i}`, prepared(10))
    expect(() => texts.demandRoom('one more', 10)).toThrow(refusal)
    expect(() => texts.demandRoom('s1', 10)).not.toThrow()
    texts.delete('s0')
    expect(() => texts.demandRoom('one more', 10)).not.toThrow()
    expect([texts.size, texts.has('s0'), texts.has('s1')]).toEqual([9_999, false, true])
  })

  test('is bounded in bytes, which one that is replaced gives back', () => {
    const texts = new PreparedTexts()
    for (const name of ['', 'a', 'b', 'c']) texts.set(name, prepared(16 * MEGABYTE))
    expect(() => texts.demandRoom('d', 1)).toThrow(refusal)
    expect(() => texts.demandRoom('', 16 * MEGABYTE)).not.toThrow()
    texts.set('', prepared(1))
    expect(() => texts.demandRoom('d', 15 * MEGABYTE)).not.toThrow()
    texts.delete('nobody')
    texts.retain(new Set(['', 'nobody']))
    expect([texts.size, texts.get('')?.text.length]).toEqual([1, 1])
    texts.clear()
    expect(texts.hasRoom('d', 64 * MEGABYTE)).toBe(true)
    expect(texts.size).toBe(0)
  })
})
