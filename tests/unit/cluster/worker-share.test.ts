import { expect, test } from 'vitest'
import { workerShare } from '../../../src/cluster/worker-share.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'

const url = 'postgres://nobody@127.0.0.1:1/nothing'

test.each([
  [1, 20, 10, 20, 10],
  [2, 20, 10, 10, 5],
  [3, 20, 10, 6, 4],
  [4, 5, 1, 1, 1],
])('%i workers share %i connections, %i of one tenant', (workers, max, perTenant, ownMax, ownPerTenant) => {
  const upstream = { url, operatorUrl: url, pool: { max, perTenant } }
  const { pool } = workerShare(ConfigurationSchema.parse({ workers, upstream })).upstream
  expect([pool.max, pool.perTenant]).toEqual([ownMax, ownPerTenant])
})
