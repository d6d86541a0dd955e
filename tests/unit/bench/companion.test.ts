import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startCompanion } from '../../../src/bench/companion.js'
import { freePort } from '../../../src/demo/database/free-port.js'

const LISTEN =
  "require('node:net').createServer().listen(Number(require('node:fs').readFileSync('port', 'utf8')), '127.0.0.1')"

test('a companion has its files, runs until it is stopped, and leaves nothing behind', async () => {
  const port = await freePort()
  let folder = ''
  const companion = await startCompanion({
    name: 'a listener',
    program: process.execPath,
    args: (own) => {
      folder = own
      return ['-e', LISTEN]
    },
    files: { port: String(port) },
    account: undefined,
    port,
  })
  expect(isRunning(companion.pid)).toBe(true)
  expect(existsSync(folder)).toBe(true)
  await companion.stop()
  expect(isRunning(companion.pid)).toBe(false)
  expect(existsSync(folder)).toBe(false)
})

test('a program that ends at once is an error with its own words', async () => {
  const start = startCompanion({
    name: 'a failure',
    program: process.execPath,
    args: () => ['-e', "console.error('out of luck'); process.exit(3)"],
    files: {},
    account: undefined,
    port: await freePort(),
  })
  await expect(start).rejects.toThrow(/a failure did not run: ended with exit code 3\n.*out of luck/)
})

test('a program that does not exist is an error', async () => {
  const start = startCompanion({
    name: 'nothing',
    program: '/nowhere/nothing',
    args: () => [],
    files: {},
    account: undefined,
    port: await freePort(),
  })
  await expect(start).rejects.toThrow(/nothing did not run: .*ENOENT/)
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
