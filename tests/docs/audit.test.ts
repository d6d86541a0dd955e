import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { toRecord } from '../../src/audit/record.js'
import type { IncidentId } from '../../src/core/ids.js'

test('docs/audit.md names every field of a record, and no other', async () => {
  const page = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8')
  const fields = page.slice(page.indexOf('## Fields'), page.indexOf('## Redaction'))
  const named = [...fields.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]),
  )
  const record = toRecord(
    {
      kind: 'login_refused',
      incident: '0123456789ab' as IncidentId,
      subject: { tenant: null, login: null, loginKind: null, clientAddress: '', applicationName: null },
      sqlstate: '28P01',
      reason: 'AUTHENTICATION_FAILED',
      cause: 'wrong_password',
    },
    0,
  )
  expect(named.sort()).toEqual(Object.keys(record).sort())
})
