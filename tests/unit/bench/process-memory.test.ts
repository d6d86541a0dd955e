import { expect, test } from 'vitest'
import { parseStatus, processMemory } from '../../../src/bench/process-memory.js'

test('is read from the lines that name it', () => {
  const text = 'Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t   70032 kB\nVmRSS:\t   65432 kB\nThreads:\t1\n'
  expect(parseStatus(text)).toEqual({ kB: 65_432, peakKB: 70_032 })
})

test('of no process is none', () => {
  expect(processMemory(0x7fffffff)).toBeNull()
})
