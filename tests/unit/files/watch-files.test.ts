import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchFiles } from '../../../src/files/watch-files.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('each of the files is noticed, until nobody watches', async () => {
  const files = ['one', 'two'].map((name) => join(folder, name))
  const takeOver = vi.fn(async () => {})
  for (const file of files) await writeFile(file, 'old')
  const watch = watchFiles(files, takeOver)
  for (const file of files) {
    const before = takeOver.mock.calls.length
    // the first look at a file may come behind its first change
    let text = ''
    await vi.waitFor(
      async () => {
        text += 'newer'
        await writeFile(file, text)
        expect(takeOver.mock.calls.length).toBeGreaterThan(before)
      },
      { timeout: 30_000, interval: 200 },
    )
  }
  watch.close()
  const closed = takeOver.mock.calls.length
  await writeFile(join(folder, 'one'), 'newest of all')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(takeOver).toHaveBeenCalledTimes(closed)
})

test('one attempt runs at a time, and a call that comes meanwhile has one of its own behind it', async () => {
  let running = 0
  let most = 0
  const takeOver = vi.fn(async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
  })
  const watch = watchFiles([], takeOver)
  await Promise.all([watch.reload(), watch.reload(), watch.reload()])
  expect([most, takeOver.mock.calls.length]).toEqual([1, 2])
})
