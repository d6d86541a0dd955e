import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ScramSecret } from '../../src/auth/scram-secret.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers } from '../support/servers.js'

const PASSWORDS = [
  'pencil',
  'pässwörd',
  'I\u00adX',
  '\u2168\u00aa',
  'a\u00a0b\u3000é',
  '\ufb21\ufb21',
  'a\u200bé',
]

/** Not of one form after preparation: used as they are. */
const UNPREPARED = [
  '\u00aa\u0007',
  '\u00aa\u{1f600}',
  '\u00aa\u0340',
  '\ufb21\u00aa',
  '\ufb211',
  '\u00ad\ufeff',
]

describe.each(availableServers())('on PostgreSQL $label', (server) => {
  let database: TestDatabase
  let user: string

  beforeAll(async () => {
    database = await testDatabase({ server })
    user = (await database.createRole()).user
  })
  afterAll(async () => {
    await database?.drop()
  })

  async function storedSecret(): Promise<string> {
    const { rows } = await database.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [user])
    return String(rows[0]?.rolpassword)
  }

  async function setPassword(password: string): Promise<void> {
    await database.query("SET password_encryption = 'scram-sha-256'")
    await database.query(`ALTER ROLE ${user} PASSWORD '${password}'`)
  }

  test.each([...PASSWORDS, ...UNPREPARED])(
    'the secret of %j is the server’s to the byte',
    async (password) => {
      await setPassword(password)
      const stored = await storedSecret()
      const secret = ScramSecret.parse(stored)
      expect(secret).not.toBeNull()
      if (secret !== null) expect(ScramSecret.format(ScramSecret.create(password, secret))).toBe(stored)
    },
  )

  test.each(PASSWORDS)('the server lets %j in by a secret of ours', async (password) => {
    const secret = ScramSecret.format(ScramSecret.create(password))
    await setPassword(secret)
    expect(await storedSecret()).toBe(secret)
    const url = new URL(database.url)
    const client = new Client({
      host: url.hostname,
      port: database.port,
      database: database.name,
      user,
      password,
    })
    await client.connect()
    const { rows } = await client.query('SELECT current_user AS name')
    await client.end()
    expect(rows).toEqual([{ name: user }])
  })
})
