import { expect, test, vi } from 'vitest'
import { runDemo } from '../../src/demo/run-demo.js'
import { serverUrl } from '../support/servers.js'

test('the guided tour shows what it should, and leaves neither database nor role behind', async () => {
  const url = await serverUrl()
  vi.stubEnv('DATABASE_URL', url)
  const lines: string[] = []
  const ok = await runDemo({
    tour: true,
    folder: '.tenantgate',
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  }).finally(() => vi.unstubAllEnvs())
  expect(lines.filter((line) => line.includes('NOT SO'))).toEqual([])
  expect(ok).toBe(true)
})
