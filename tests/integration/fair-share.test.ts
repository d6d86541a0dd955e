import { expect, test } from 'vitest'
import { Sessions } from '../support/sessions.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')

test('a tenant with many statements that wait is not served before another that has had less', async () => {
  await sessions.start()
  const holder = await sessions.connect()
  await holder.query('BEGIN')
  const served: string[] = []
  const ask = async (login: string) => {
    const client = await sessions.connect(login)
    const waiting = sessions.gateway.pool.state.waiting
    const answer = client.query('SELECT pg_sleep(0.02)').then(() => served.push(login))
    await expect.poll(() => sessions.gateway.pool.state.waiting).toBe(waiting + 1)
    return { answer }
  }
  const answers: Promise<unknown>[] = []
  for (const login of ['alice', 'alice', 'alice', 'bob']) answers.push((await ask(login)).answer)
  await holder.query('COMMIT')
  await Promise.all(answers)
  expect(served).toEqual(['bob', 'alice', 'alice', 'alice'])
})
