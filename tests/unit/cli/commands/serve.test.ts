import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../../../src/cli/run.js'
import { type ConfiguredDatabase, configuredDatabase } from '../configured-database.js'

let gate: ConfiguredDatabase
beforeAll(async () => {
  gate = await configuredDatabase()
})
afterAll(() => gate.drop())

function signal<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

test('serves clients until it is told to stop, and then nobody', async () => {
  await gate.command(['init'])
  await gate.command(['tenant', 'add', 'acme'])
  const { out: password } = await gate.command(['login', 'add', 'acme_app', '--tenant', 'acme', '--generate'])
  await gate.database.query(
    "INSERT INTO orders (tenant_id, note) VALUES ('acme', 'own'), ('globex', 'foreign')",
  )
  const started = signal<string>()
  const stopped = signal<void>()
  const ended = run(['serve', '--config', gate.file], {
    out: () => undefined,
    error: (text) => started.resolve(text),
    readInput: async () => '',
    untilStopped: () => stopped.promise,
    onHangup: () => undefined,
    onReplace: () => undefined,
    variables: {},
  })
  const port = Number(/:(\d+)$/.exec(await started.promise)?.[1])
  const client = () =>
    new Client({ host: '127.0.0.1', port, user: 'acme_app', password, database: gate.database.name })
  const session = client()
  session.on('error', () => undefined)
  await session.connect()
  expect((await session.query('SELECT note FROM orders')).rows).toEqual([{ note: 'own' }])
  await session.end()
  stopped.resolve()
  expect(await ended).toBe(0)
  await expect(client().connect()).rejects.toThrow('ECONNREFUSED')
})
