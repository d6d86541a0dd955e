import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../src/demo/database/free-port.js'
import { startDatabase } from '../../../../src/demo/database/start-database.js'
import { ownSources } from '../../../support/own-sources.js'

describe.each(ownSources())('a server of our own (%s)', (source) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantgate-test-'))
  // the server's account must reach it when the tests run as root
  chmodSync(folder, 0o755)
  afterAll(() => rmSync(folder, { recursive: true }))

  test('answers to the superuser on 127.0.0.1 only, with the settings asked for', async () => {
    const database = await startDatabase({ source, settings: { max_connections: '33' } })
    try {
      expect(await ask(database.url, 'SHOW max_connections')).toBe('33')
      expect(await ask(database.url, 'SHOW listen_addresses')).toBe('127.0.0.1')
      expect(await ask(database.url, 'SHOW unix_socket_directories')).toBe('')
      expect(await ask(database.url, 'SHOW server_encoding')).toBe('UTF8')
      const wrong = new URL(database.url)
      wrong.password = 'guessed'
      await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
    } finally {
      await database.stop()
    }
  })

  test('is gone with its folder after stop, which may be called twice', async () => {
    const database = await startDatabase({ source })
    const data = String(await ask(database.url, 'SHOW data_directory'))
    expect(existsSync(data)).toBe(true)
    await database.stop()
    await database.stop()
    expect(existsSync(join(data, '..'))).toBe(false)
    await expect(ask(database.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('stops while a client is connected', async () => {
    const database = await startDatabase({ source })
    const client = new Client({ connectionString: database.url })
    client.on('error', () => {})
    await client.connect()
    await database.stop()
    await expect(client.query('SELECT 1')).rejects.toThrow()
  })

  test('keeps data and password in a data directory', async () => {
    const first = await startDatabase({ source, dataDirectory: folder })
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await startDatabase({
      source,
      dataDirectory: folder,
      port: Number(new URL(first.url).port),
    })
    try {
      expect(second.url).toBe(first.url)
      expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(42)
    } finally {
      await second.stop()
    }
  })

  test('takes a free port when its own is taken', async () => {
    const port = await freePort()
    const first = await startDatabase({ source, port })
    const second = await startDatabase({ source, port })
    try {
      expect(new URL(first.url).port).toBe(String(port))
      expect(new URL(second.url).port).not.toBe(String(port))
      expect(await ask(second.url, 'SELECT 1')).toBe(1)
    } finally {
      await Promise.all([first.stop(), second.stop()])
    }
  })

  test('says what the server said when it does not start', async () => {
    await expect(startDatabase({ source, settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /shared_buffers/,
    )
  })
})

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end().catch(() => {})
  }
}
