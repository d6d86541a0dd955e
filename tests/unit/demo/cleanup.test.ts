import { expect, test } from 'vitest'
import { Cleanup } from '../../../src/demo/cleanup.js'

test('undoes in reverse order, and every step although one fails', async () => {
  const done: string[] = []
  const cleanup = new Cleanup()
  cleanup.add(async () => void done.push('database'))
  cleanup.add(() => Promise.reject(new Error('gateway hung')))
  cleanup.add(async () => void done.push('sessions'))
  await expect(cleanup.run()).rejects.toThrow('gateway hung')
  expect(done).toEqual(['sessions', 'database'])
  await cleanup.run()
  expect(done).toHaveLength(2)
})
