import { expect, test } from 'vitest'
import { needRestart } from '../../../src/config/reloaded.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'

const url = 'postgres://nobody@127.0.0.1:1/nothing'

function configuration(sections: object) {
  return ConfigurationSchema.parse({ upstream: { url, operatorUrl: url }, ...sections })
}

test.each([
  ['nothing', {}, []],
  ['limits', { limits: { connections: 3 } }, []],
  ['policy', { policy: { explain: 'deny', relations: { 'public.countries': { access: 'shared' } } } }, []],
  [
    'what the server is told at start',
    { policy: { searchPath: ['app'], rowSecurity: true } },
    ['policy.searchPath', 'policy.rowSecurity'],
  ],
  ['the port', { listen: { port: 1 } }, ['listen.port']],
  [
    'a list',
    { admin: { tokens: [{ name: 'ops', role: 'admin', sha256: '0'.repeat(64) }] } },
    ['admin.tokens'],
  ],
  ['several', { workers: 3, limits: { connections: 1 }, audit: { file: '/a' } }, ['audit.file', 'workers']],
])('what has to wait for a restart: %s', (_title, changed, expected) => {
  expect(needRestart(configuration({}), configuration(changed))).toEqual(expected)
})
