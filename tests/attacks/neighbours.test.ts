import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { Observer, type Question } from '../support/world/observe.js'
import { CANARY, openWorld, type World } from '../support/world/world.js'

interface Encounter {
  readonly title: string
  /** What tenant 8 does on a server connection. */
  readonly theirs: readonly (string | Question)[]
  /** What tenant 7 then asks, on the same one. */
  readonly mine: readonly (string | Question)[]
  /** The server connection stays tenant 8's until it leaves. */
  readonly keeps?: true
}

const SHOUT: Question = { text: `SELECT 'kanarie', $1::text`, values: ['kanarie'] }

/** State of a server connection that one tenant leaves and the next might find. */
const ENCOUNTERS: readonly Encounter[] = [
  {
    title: 'prepared statements are listed',
    theirs: [SHOUT],
    mine: ['SELECT * FROM pg_prepared_statements'],
  },
  {
    title: 'prepared statements are listed by function',
    theirs: [SHOUT],
    mine: ['SELECT * FROM pg_prepared_statement()'],
  },
  {
    title: 'a statement prepared by SQL is run',
    keeps: true,
    theirs: [`PREPARE p AS SELECT 'kanarie'`],
    mine: ['EXECUTE p', 'SELECT * FROM pg_prepared_statements'],
  },
  {
    title: 'an open cursor is read',
    theirs: ['BEGIN', `DECLARE c CURSOR FOR SELECT title FROM tasks`, 'FETCH c', 'COMMIT'],
    mine: ['FETCH ALL FROM c', 'SELECT * FROM pg_cursors'],
  },
  {
    title: 'a cursor that outlives its transaction is read',
    keeps: true,
    theirs: [`DECLARE c CURSOR WITH HOLD FOR SELECT title FROM tasks`],
    mine: ['FETCH ALL FROM c', 'SELECT * FROM pg_cursors'],
  },
  {
    title: 'the application name is shown',
    theirs: [`SET application_name TO 'kanarie'`, 'SELECT 1'],
    mine: ['SHOW application_name', `SELECT current_setting('application_name')`],
  },
  {
    title: 'a setting stays',
    theirs: [`SET DateStyle TO 'German'`, 'SELECT 1'],
    mine: [`SELECT date '2024-05-06'`, 'SHOW DateStyle'],
  },
  {
    title: 'a local setting stays',
    theirs: ['BEGIN', `SET LOCAL TimeZone TO 'Asia/Tokyo'`, 'SELECT 1', 'COMMIT'],
    mine: ['SHOW TimeZone'],
  },
  {
    title: 'a setting made by function stays',
    theirs: [`SELECT set_config('application_name', 'kanarie', false)`],
    mine: ['SHOW application_name'],
  },
  {
    title: 'a search path stays',
    theirs: ['SET search_path TO pristine', 'SELECT count(*) FROM tasks'],
    mine: ['SHOW search_path', 'SELECT count(*) FROM open_tasks'],
  },
  {
    title: 'a setting of the startup packet stays',
    theirs: ['SELECT 1'],
    mine: ['SHOW statement_timeout', 'SHOW application_name'],
  },
  {
    title: 'a temporary table is read',
    theirs: ['CREATE TEMPORARY TABLE stash AS SELECT title FROM tasks'],
    mine: ['SELECT * FROM stash', 'SELECT * FROM pg_temp.stash'],
  },
  {
    title: 'a temporary table hides a table',
    keeps: true,
    theirs: [`CREATE TEMPORARY TABLE coupons AS SELECT 'kanarie' AS code`],
    mine: ['SELECT code FROM coupons ORDER BY code'],
  },
  {
    title: 'a transaction that was left open is joined',
    theirs: ['BEGIN', `UPDATE coupons SET note = 'kanarie again'`],
    mine: ['SELECT code, note FROM coupons ORDER BY code'],
  },
  {
    title: 'a transaction that failed is joined',
    theirs: ['BEGIN', 'SELECT 1/0'],
    mine: ['SELECT code, note FROM coupons ORDER BY code'],
  },
  {
    title: 'a notification is heard',
    keeps: true,
    theirs: ['LISTEN kanal', `NOTIFY kanal, 'kanarie'`],
    mine: ['SELECT 1', `SELECT * FROM pg_listening_channels()`, 'SELECT 2'],
  },
  {
    title: "a sequence's last value is told",
    theirs: [`SELECT setval('ticket', 88770000)`, `SELECT nextval('ticket')`],
    mine: ['SELECT lastval()', `SELECT currval('ticket')`],
  },
  {
    title: 'a statement that failed is told',
    theirs: [`SELECT 'kanarie'::int`],
    mine: ['SELECT current_query()', 'SELECT 1'],
  },
  {
    title: 'the same text has the other tenant’s literal',
    theirs: [
      'SELECT title FROM tasks WHERE id = 1',
      { text: 'SELECT title FROM tasks WHERE id = $1::int', values: ['1'] },
    ],
    mine: [
      'SELECT title FROM tasks WHERE id = 1',
      { text: 'SELECT title FROM tasks WHERE id = $1::int', values: ['1'] },
    ],
  },
  {
    title: 'its own row of the tenants’ table is shown',
    theirs: ['SELECT name FROM tenantgate.tenants'],
    mine: [
      'SELECT id, name FROM tenantgate.tenants',
      'SELECT * FROM tenantgate.logins',
      'SELECT * FROM tenantgate.audit_events',
    ],
  },
]

describe('one tenant after the other on the same server connection', () => {
  let world: World
  let gateway: WorldGateway
  beforeAll(async () => {
    world = await openWorld()
    gateway = await openGateway(world, { max: 1 })
  })
  afterAll(async () => {
    await gateway.stop()
    await world.close()
  })

  /** All answers of a session of its own; with `stays` it isn't closed. */
  async function session(url: string, questions: Encounter['mine']) {
    const observer = await Observer.connect(url, new Map())
    const answers = []
    for (const question of questions)
      answers.push(await observer.ask(typeof question === 'string' ? { text: question } : question))
    return { answers, close: () => observer.close() }
  }

  test.each(ENCOUNTERS)('$title', async ({ theirs, mine }) => {
    const alone = await session(gateway.url, mine)
    await alone.close()
    const other = await session(gateway.neighbourUrl, theirs)
    await other.close()
    const after = await session(gateway.url, mine)
    await after.close()
    expect(after.answers.map(({ received }) => received).join('')).not.toMatch(CANARY)
    expect(answersOf(after)).toEqual(answersOf(alone))
  })

  test.each(ENCOUNTERS.filter(({ theirs, keeps }) => !theirs.includes('BEGIN') && keeps !== true))(
    'while the other is still there: $title',
    async ({ theirs, mine }) => {
      const alone = await session(gateway.url, mine)
      await alone.close()
      const other = await session(gateway.neighbourUrl, theirs)
      const after = await session(gateway.url, mine)
      await after.close()
      await other.close()
      expect(after.answers.map(({ received }) => received).join('')).not.toMatch(CANARY)
      expect(answersOf(after)).toEqual(answersOf(alone))
    },
  )
})

function answersOf({
  answers,
}: {
  answers: readonly { results: unknown; error: { code: string } | null; notices: unknown }[]
}) {
  return answers.map(({ results, error, notices }) => ({ results, code: error?.code, notices }))
}
