import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { run } from '../support/run.js'
import { systemServer } from '../support/servers.js'

const server = systemServer()

describe.runIf(server !== undefined)('psql through the gateway', () => {
  let database: TestDatabase
  let gateway: TestGateway

  beforeAll(async () => {
    database = await testDatabase(server === undefined ? {} : { server })
    gateway = await testGateway({ upstream: database.url })
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  function psql(...commands: readonly string[]) {
    return run('psql', ['-XAt', ...commands.flatMap((command) => ['-c', command]), gateway.url()])
  }

  test('runs a statement', async () => {
    expect(await psql('SELECT 1')).toEqual({ code: 0, stdout: '1\n', stderr: '' })
  })

  test('shows an error of the server with its caret', async () => {
    const { code, stderr } = await psql('SELECT nonsense')
    expect(code).toBe(1)
    expect(stderr).toBe(
      'ERROR:  column "nonsense" does not exist\nLINE 1: SELECT nonsense\n               ^\n',
    )
  })

  test('shows several results, and notices', async () => {
    const { stdout, stderr } = await psql(`SELECT 1; DO $$BEGIN RAISE NOTICE 'seen'; END$$; SELECT 2`)
    expect(stdout).toBe('1\nDO\n2\n')
    expect(stderr).toBe('NOTICE:  seen\n')
  })

  test('refuses a wrong password and an unknown login in the same words', async () => {
    const wrong = new URL(gateway.url())
    wrong.password = 'wrong'
    const unknown = gateway.url('nobody')
    const answers = await Promise.all([wrong.href, unknown].map((url) => run('psql', ['-c', '', url])))
    expect(answers.map(({ stderr }) => stderr.replace(/.*FATAL: {2}/s, ''))).toEqual([
      'password authentication failed for user "alice"\n',
      'password authentication failed for user "nobody"\n',
    ])
  })
})
