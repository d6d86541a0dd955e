import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { fileSink } from '../../../src/audit/file-sink.js'
import { logSink } from '../../../src/audit/log-sink.js'
import { toRecord } from '../../../src/audit/record.js'
import { statementRefused } from '../../../src/audit/refusal.js'
import { GatewayError } from '../../../src/core/errors.js'
import { IncidentId } from '../../../src/core/ids.js'

const incident = IncidentId.create()
const record = toRecord(
  statementRefused({
    error: new GatewayError('RELATION_DENIED', { relation: 'secrets' }, { position: 15 }),
    incident,
    subject: {
      tenant: 'acme',
      login: 'acme_app',
      loginKind: 'app',
      clientAddress: '10.0.0.1',
      applicationName: 'psql',
    },
    text: Buffer.from("SELECT * FROM secrets WHERE a = 'x'"),
    literals: 'redact',
  }),
  Date.UTC(2030, 0, 1),
)

const fields = {
  kind: 'statement_refused',
  incident,
  tenant: 'acme',
  login: 'acme_app',
  login_kind: 'app',
  client_address: '10.0.0.1',
  application_name: 'psql',
  sqlstate: '42501',
  reason: 'RELATION_DENIED',
  position: 15,
  sql: 'SELECT * FROM secrets WHERE a = ?',
}

test('the log gets one structured line per refusal', async () => {
  const lines: string[] = []
  const sink = logSink(pino({ base: null }, { write: (line: string) => lines.push(line) }))
  await sink.write([record])
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...fields,
    level: 40,
    audit: true,
    at: '2030-01-01T00:00:00.000Z',
    msg: 'statement refused',
  })
})

test('statements that were forwarded are lines of a lower level', async () => {
  const lines: string[] = []
  const sink = logSink(pino({ base: null }, { write: (line: string) => lines.push(line) }))
  await sink.write([{ ...record, kind: 'statement' }])
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, audit: true, msg: 'statement forwarded' })
})

test('the file gets one JSON object a line, for its owner only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenantgate-audit-'))
  try {
    const path = join(folder, 'audit.jsonl')
    const sink = fileSink(path)
    await sink.write([record])
    await sink.write([record, record])
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ ...fields, at: '2030-01-01T00:00:00.000Z' })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  } finally {
    await rm(folder, { recursive: true })
  }
})
