import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { Observer } from '../support/world/observe.js'
import { CANARY, openWorld, type World } from '../support/world/world.js'

/** What a client may put into its startup packet, by `options` or as a parameter of its own. */
const PARAMETERS: readonly (readonly [string, string])[] = [
  ['options', '-c role=postgres'],
  ['options', '-crole=postgres'],
  ['options', '--role=postgres'],
  ['options', '-c session_authorization=postgres'],
  ['options', '-c row_security=off'],
  ['options', '-c session_replication_role=replica'],
  ['options', '-c standard_conforming_strings=off'],
  ['options', '-c search_path=pristine'],
  ['options', '-c SEARCH_PATH=pristine,pg_catalog'],
  ['options', '-c default_transaction_read_only=off\\ -c\\ role=postgres'],
  ['options', '-c cpu_operator_cost=0'],
  ['options', '-c local_preload_libraries=x'],
  ['options', '-c log_statement=all -c client_min_messages=log'],
  ['options', '-d 5'],
  ['options', '-c app.tenant_id=8'],
  ['role', 'postgres'],
  ['session_authorization', 'postgres'],
  ['search_path', 'pristine'],
  ['standard_conforming_strings', 'off'],
  ['client_encoding', 'SQL_ASCII'],
  ['client_encoding', 'BIG5'],
  ['app.tenant_id', '8'],
  ['replication', 'database'],
  ['replication', 'true'],
  ['database', 'postgres'],
  ['database', 'template1'],
  ['user', 'postgres'],
  ['user', ''],
]

const PROBES = [
  'SELECT count(*), current_setting($$TimeZone$$) IS NOT NULL FROM tasks',
  "SELECT 'a\\' || title FROM tasks WHERE id < 4 ORDER BY id",
  'SELECT id FROM tasks WHERE code::int > 100',
  'SELECT title FROM public.tasks WHERE tenant_id <> $$7$$',
]

describe('no startup packet opens another tenant’s rows', () => {
  let world: World
  let gateway: WorldGateway
  beforeAll(async () => {
    world = await openWorld()
    gateway = await openGateway(world)
  })
  afterAll(async () => {
    await gateway.stop()
    await world.close()
  })

  /** What a session with these parameters sees; null where it isn't let in. */
  async function seen(name?: string, value?: string): Promise<readonly string[] | null> {
    const observer = await connect(name, value)
    if (observer === null) return null
    const answers: string[] = []
    for (const text of PROBES) {
      const { received, results, error } = await observer.ask({ text })
      expect(received).not.toMatch(CANARY)
      answers.push(JSON.stringify([results.map(({ rows }) => rows), error?.code]))
    }
    await observer.close()
    return answers
  }

  async function connect(name?: string, value?: string): Promise<Observer | null> {
    const url = new URL(gateway.url)
    const overrides: Record<string, string> = name === undefined ? {} : { [name]: value ?? '' }
    try {
      return await Observer.connect(url.href, new Map(), overrides)
    } catch {
      return null
    }
  }

  test('what stands in the packet arrives', async () => {
    const observer = await connect('application_name', 'mine')
    expect((await observer?.ask({ text: 'SHOW application_name' }))?.results[0]?.rows).toEqual([['mine']])
    await observer?.close()
    expect(await seen('options', '-c role=postgres')).toBeNull()
  })

  test.each(PARAMETERS)('%s = %s', async (name, value) => {
    const answers = await seen(name, value)
    // the rows of a search path of one's own are one's own too
    if (answers !== null) expect(answers).toEqual(await seen())
  })
})
