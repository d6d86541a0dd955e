import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

let database: TestDatabase
let gate: WholeGateway
let session: Client

beforeAll(async () => {
  database = await testDatabase()
  await database.query(`
    CREATE TABLE orders (tenant_id text, note text);
    CREATE TABLE countries (code text);
    GRANT SELECT ON countries TO PUBLIC;
    INSERT INTO countries VALUES ('at')`)
  gate = await wholeGateway(database)
  session = new Client({ connectionString: gate.url('acme') })
  await session.connect()
})
afterAll(async () => {
  await session?.end()
  await gate?.stop()
  await database?.drop()
})

test('a changed policy is in force in sessions that are open, and gone again when it is taken back', async () => {
  const { configuration, gateway } = gate
  const countries = () => session.query('SELECT code FROM countries')
  await expect(countries()).rejects.toMatchObject({ code: '42501' })
  const policy = { ...configuration.policy, relations: { 'public.countries': { access: 'shared' as const } } }
  await gateway.reload({ ...configuration, policy })
  expect((await countries()).rows).toEqual([{ code: 'at' }])
  await gateway.reload(configuration)
  await expect(countries()).rejects.toMatchObject({ code: '42501' })
})

test('changed limits are in force in sessions that are open', async () => {
  const { configuration, gateway } = gate
  await gateway.reload({ ...configuration, limits: { ...configuration.limits, queriesPerSecond: 0.001 } })
  await session.query('SELECT 1')
  await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: '53400' })
  await gateway.reload(configuration)
  expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})
