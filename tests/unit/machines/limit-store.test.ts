import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { openLimitStore } from '../../../src/machines/limit-store.js'
import { freePort } from '../../support/free-port.js'

const upstream = { url: 'postgres://a@127.0.0.1/b', operatorUrl: 'postgres://c@127.0.0.1/b' }
const silent = pino({ level: 'silent' })

test('there is none where the configuration names none', () => {
  expect(openLimitStore(ConfigurationSchema.parse({ upstream }), silent)).toBeNull()
})

test('one that nobody reaches holds nobody up, and can be closed', async () => {
  const redis = `redis://127.0.0.1:${await freePort()}`
  const store = openLimitStore(ConfigurationSchema.parse({ upstream, limitStore: { redis } }), silent)
  if (store === null) throw new Error('there is one')
  expect(await store.counts.claim('connections:acme', 2, 1)).toBe(true)
  expect(await store.borrow('acme', 2, 1)).toMatchObject({ granted: 1 })
  store.counts.lower('connections:acme', 0)
  await store.close()
})
