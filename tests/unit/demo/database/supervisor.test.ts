import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownSources } from '../../../support/own-sources.js'
import { sourceCommand } from '../../../support/source-command.js'

const SOON = { timeout: 30_000, interval: 50 }

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'a parent that ends by %s leaves no server and no folder',
  async (signal) => {
    const parent = startParent()
    const [line] = await once(createInterface(parent.stdout), 'line')
    const { pid, data } = JSON.parse(line) as { pid: number; data: string }
    expect(isRunning(pid)).toBe(true)
    parent.kill(signal)
    await vi.waitFor(() => {
      expect(isRunning(pid)).toBe(false)
      expect(existsSync(dirname(data))).toBe(false)
    }, SOON)
  },
)

test('a parent that is killed while its cluster is being made leaves no folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantgate-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // the server's account must reach it when the tests run as root
  chmodSync(folder, 0o755)
  const parent = startParent({ TMPDIR: folder })
  const clusters = () => readdirSync(folder).filter((name) => name.startsWith('tenantgate-postgres-'))
  const begun = () => clusters().filter((name) => existsSync(join(folder, name, 'data.new')))
  await vi.waitFor(() => expect(begun()).toHaveLength(1), SOON)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(clusters()).toEqual([]), SOON)
})

function startParent(environment: Readonly<Record<string, string>> = {}) {
  const options = JSON.stringify({ source: ownSources()[0] })
  const parent = spawn(process.execPath, sourceCommand('tests/support/start-database-program.ts', options), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  onTestFinished(() => {
    parent.kill('SIGKILL')
  })
  return parent
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
