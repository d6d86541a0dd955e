import { describe, expect, test } from 'vitest'
import type { Compiler } from '../../src/sql/compiled.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { Sessions, show } from '../support/sessions.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')

describe('settings', () => {
  test('follow the client, whichever connection it gets', async () => {
    await sessions.start()
    const [first, second] = [await sessions.connect(), await sessions.connect('bob')]
    await first.query(`SET timezone TO 'Asia/Tokyo'`)
    expect(await show(second, 'timezone')).not.toBe('Asia/Tokyo')
    expect(await show(first, 'timezone')).toBe('Asia/Tokyo')
    await first.query('RESET timezone')
    expect(await show(first, 'timezone')).toBe(await show(second, 'timezone'))
  })

  test('end with the transaction that fails, or that they were local to', async () => {
    await sessions.start()
    const [first, second] = [await sessions.connect(), await sessions.connect('bob')]
    await first.query('BEGIN')
    await first.query(`SET timezone TO 'Asia/Tokyo'`)
    await first.query('ROLLBACK')
    await first.query('BEGIN')
    await first.query(`SET LOCAL intervalstyle TO 'iso_8601'`)
    expect(await show(first, 'intervalstyle')).toBe('iso_8601')
    await first.query('COMMIT')
    await second.query('SELECT 1')
    expect(await show(first, 'timezone')).not.toBe('Asia/Tokyo')
    expect(await show(first, 'intervalstyle')).toBe('postgres')
  })

  test('of the startup packet are in force, reported, and what RESET goes back to', async () => {
    await sessions.start()
    const other = await sessions.connect('bob')
    const direct = await sessions.connect('alice', '-c timezone=asia/tokyo')
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    expect(await show(other, 'timezone')).not.toBe('Asia/Tokyo')
    await direct.query(`SET timezone TO 'Europe/Berlin'`)
    await direct.query('RESET timezone')
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    await direct.query('BEGIN')
    await direct.query('RESET ALL')
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    await direct.query('COMMIT')
  })

  test('that RESET puts back are put back between the messages of a pipeline, not in their middle', async () => {
    await sessions.start()
    const client = await WireClient.connect(
      sessions.gateway.url('alice', { options: '-c timezone=asia/tokyo' }),
    )
    const ask = [say.parse('', `SELECT current_setting('timezone')`), say.bind('', ''), say.execute('')]
    client.send(say.query('RESET timezone'), ...ask, say.flush)
    const answer = (line: string) => line.includes('DataRow')
    expect((await client.until(answer)).join()).toContain('Asia/Tokyo')
    client.send(say.parse('', 'SELECT 1/0'), say.bind('', ''), say.execute(''), say.flush)
    await client.until((line) => line.includes('C="22012"'))
    client.send(say.sync)
    expect((await client.ready()).join()).toContain('status="I"')
    const other = await sessions.connect('bob')
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect(await show(other, 'timezone')).not.toBe('Asia/Tokyo')
    expect((await client.send(...ask, say.sync).ready()).join()).toContain('Asia/Tokyo')
    client.close()
  })

  test('that are refused or wrong end the login', async () => {
    await sessions.start()
    await expect(sessions.connect('alice', '-c timezone=Nowhere/Land')).rejects.toThrow(
      /invalid value for parameter "TimeZone": "Nowhere\/Land"/,
    )
    await expect(sessions.connect('alice', '-c role=postgres')).rejects.toMatchObject({ code: '22023' })
  })
})

describe('the search path', () => {
  /** Shows which path a text was compiled for. */
  const compiler: Compiler = {
    compile: (text, context) => {
      const shown = text.toString().replace('{path}', context.searchPath.join())
      return passThroughCompiler().compile(Buffer.from(shown), context)
    },
  }
  const { parse, bind, execute, flush, sync, query } = say
  const run = (text: string) => [parse('', text), bind('', ''), execute('')]
  const values = (lines: readonly string[]) =>
    lines.flatMap((line) => /DataRow values=\["(.*)"\]/.exec(line)?.[1] ?? [])

  test('that a pipeline changes is known before what follows is compiled', async () => {
    await sessions.start({ compiler })
    const client = await WireClient.connect(sessions.gateway.url())
    const ask = `SELECT '{path}'`
    client.send(query(`SET search_path TO 'a'`), query(ask), query('BEGIN'), query(`SET search_path TO 'b'`))
    client.send(...run(ask), ...run(ask), sync, query('ROLLBACK'), ...run(ask), sync)
    client.send(...run(`SET search_path TO 'c'`), ...run(ask), sync, query('RESET search_path'), query(ask))
    const answers = await client.ready(10)
    expect(values(answers)).toEqual(['a', 'b', 'b', 'a', 'c', 'public,pg_temp'])
    client.close()
  })

  test('that a portal changes is known, however long after its Bind it is executed', async () => {
    await sessions.start({ compiler })
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(parse('s', `SET search_path TO 'a'`), bind('p', 's'), flush)
    await client.until((line) => line.includes('BindComplete'))
    client.send(...run(`SELECT '{path}'`), execute('p'), ...run(`SELECT '{path}'`), sync)
    expect(values(await client.ready())).toEqual(['public,pg_temp', 'a'])
    client.close()
  })

  test('that a failed pipeline would have changed is the old one', async () => {
    await sessions.start({ compiler })
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(...run(`SET search_path TO 'a'`), ...run('SELECT 1/0'), sync, ...run(`SELECT '{path}'`), sync)
    expect(values(await client.ready(2))).toEqual(['public,pg_temp'])
    client.close()
  })
})
