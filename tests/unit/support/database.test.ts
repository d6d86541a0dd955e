import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { hasProgram } from '../../support/programs.js'
import { run } from '../../support/run.js'
import { availableServers } from '../../support/servers.js'

const SQL = 'CREATE TABLE item (id int PRIMARY KEY); INSERT INTO item VALUES (1), (2)'

describe.each(availableServers())('a test database on PostgreSQL $label', (server) => {
  let first: TestDatabase
  let second: TestDatabase

  beforeAll(async () => {
    const both = await Promise.all([testDatabase({ server, sql: SQL }), testDatabase({ server, sql: SQL })])
    ;[first, second] = both
  })
  afterAll(() => Promise.all([first.drop(), second.drop()]))

  test('is a copy of its own', async () => {
    await first.query('DELETE FROM item')
    expect((await first.query('SELECT count(*)::int AS n FROM item')).rows).toEqual([{ n: 0 }])
    expect((await second.query('SELECT count(*)::int AS n FROM item')).rows).toEqual([{ n: 2 }])
  })

  test('runs on the version that its label promises', async () => {
    const { rows } = await first.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`)
    if (server.major > 0) expect(rows).toEqual([{ major: server.major }])
  })

  test('gives rows of the last statement, and takes parameters', async () => {
    expect((await first.query('SELECT 1 AS a; SELECT 2 AS a')).rows).toEqual([{ a: 2 }])
    expect((await first.query('SELECT $1::int + 1 AS a', [4])).rows).toEqual([{ a: 5 }])
  })

  test.runIf(hasProgram('psql'))('lets a role of its own in, from psql', async () => {
    const role = await first.createRole('NOINHERIT')
    const { code, stdout, stderr } = await run('psql', [role.url, '-Atc', 'SELECT current_user'])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${role.user}\n`, stderr: '' })
  })

  test('is gone after drop, with its roles', async () => {
    const database = await testDatabase({ server })
    const { user } = await database.createRole()
    await database.drop()
    const left = `SELECT 1 FROM pg_database WHERE datname = '${database.name}' UNION ALL SELECT 1 FROM pg_roles WHERE rolname = '${user}'`
    expect((await first.query(left)).rows).toEqual([])
  })
})
