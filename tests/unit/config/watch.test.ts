import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadConfiguration } from '../../../src/config/load.js'
import type { Configuration } from '../../../src/config/schema.js'
import { watchConfiguration } from '../../../src/config/watch.js'

let folder: string
let file: string
let applied: number[]
let refused: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-watch-'))
  file = join(folder, 'gate.yaml')
  applied = []
  refused = []
  await store('limits: { connections: 1 }')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function store(text: string): Promise<void> {
  const url = 'postgres://nobody@127.0.0.1:1/nothing'
  await writeFile(file, `upstream: { url: "${url}", operatorUrl: "${url}" }\n${text}\n`)
}

function watch() {
  return watchConfiguration(file, {
    load: () => loadConfiguration(file, {}),
    apply: async ({ limits }: Configuration) => void applied.push(limits.connections),
    refused: (error) => refused.push(String(error)),
  })
}

test('a file is taken over when told to, one version after the other, and a bad one is refused', async () => {
  const watching = watch()
  await watching.reload()
  await store('limits: { conections: 2 }')
  await watching.reload()
  expect(refused.join()).toContain('gate.yaml:2: limits.conections: unknown key')
  await store('limits: { connections: 3 }')
  await watching.reload()
  watching.close()
  expect(applied).toEqual([1, 3])
})

test('a changed file is noticed, until nobody watches', async () => {
  const watching = watch()
  await store('limits: { connections: 4000 }')
  await vi.waitFor(() => expect(applied).toEqual([4000]), 10_000)
  watching.close()
  await store('limits: { connections: 50000 }')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(applied).toEqual([4000])
})
