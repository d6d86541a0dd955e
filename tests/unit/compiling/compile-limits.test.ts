import { expect, test } from 'vitest'
import { statementMemory } from '../../../src/compiling/compile-limits.js'

const GIGABYTE = 2 ** 30

test('a statement gets a share of the memory, up to a bound, and never too little for an ordinary one', () => {
  const [small, middle, large] = [0.1, 4, 64].map((gigabytes) => statementMemory(gigabytes * GIGABYTE))
  expect(small?.maxTokens).toBe(100_000)
  expect(middle?.maxTokens).toBeGreaterThan(1_000_000)
  expect(large?.maxTokens).toBe(statementMemory(8 * GIGABYTE).maxTokens)
})

test('the heap of a thread holds twice what its texts need', () => {
  const { maxTokens, heapMb } = statementMemory(8 * GIGABYTE)
  expect((heapMb * 2 ** 20) / maxTokens).toBeGreaterThan(1_600)
})
