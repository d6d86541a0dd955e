import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../support/run.js'
import { systemServer } from '../support/servers.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { openWorld, type World } from '../support/world/world.js'

const server = systemServer()

/** What shows the schema: the same through the gateway as without it. */
const DESCRIPTIONS = [
  '\\d',
  '\\dt',
  '\\dt pg_catalog.pg_cl*',
  '\\dv',
  '\\dm',
  '\\ds',
  '\\di',
  '\\dn',
  '\\dT',
  '\\dD',
  '\\df',
  '\\da',
  '\\do',
  '\\dx',
  '\\d accounts',
  '\\d projects',
  '\\d events',
  '\\d events_2024',
  '\\d vehicles',
  '\\d lines',
  '\\d open_tasks',
  '\\d accounts_pkey',
  '\\d ticket',
  '\\d nothing',
  '\\dp accounts',
  '\\dC',
  '\\l',
] as const

describe.runIf(server !== undefined)('psql as a tenant', () => {
  let world: World
  let gateway: WorldGateway
  beforeAll(async () => {
    world = await openWorld(server)
    gateway = await openGateway(world)
  })
  afterAll(async () => {
    await gateway.stop()
    await world.close()
  })

  function psql(url: string, input: string) {
    return run('psql', ['-X', url], { input, env: { PAGER: 'cat' } })
  }

  test.each(DESCRIPTIONS)('%s shows what it shows without the gateway', async (command) => {
    expect(await psql(gateway.url, command)).toEqual(await psql(world.role.url, command))
  })

  test('rows are the tenant’s own in every format', async () => {
    const script = String.raw`
      \x on
      SELECT id, title FROM tasks ORDER BY id LIMIT 2;
      \x off
      \pset format csv
      TABLE coupons ORDER BY 1;
      SELECT * FROM tasks \gdesc
    `
    expect(await psql(gateway.url, script)).toEqual(await psql(world.twinUrl, script))
  })

  test('\\watch repeats a statement until it fails', async () => {
    const script = `SELECT 8 / (4 - nextval('ticket')) \\watch 0.01\n`
    const { stdout, stderr } = await psql(gateway.url, script)
    expect(stdout.match(/^ +\d$/gm)).toEqual(['        2', '        4', '        8'])
    expect(stderr).toContain('division by zero')
  })

  test('an error’s caret points into the text as it was typed', async () => {
    const script = "SELECT 'é€😀', nothing FROM tasks JOIN projects p ON p.id = tasks.project_id;\n"
    const { stderr } = await psql(gateway.url, script)
    expect(stderr).toBe((await psql(world.twinUrl, script)).stderr)
  })
})
