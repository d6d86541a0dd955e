import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ScramSecret } from '../../../../src/auth/scram-secret.js'
import { type ConfiguredDatabase, configuredDatabase } from '../configured-database.js'

describe('tenantgate tenant, login and explain', () => {
  let gate: ConfiguredDatabase
  beforeAll(async () => {
    gate = await configuredDatabase()
  })
  afterAll(() => gate.drop())

  const json = async (...argv: readonly string[]) => JSON.parse((await gate.command([...argv, '--json'])).out)

  test('say to run init first', async () => {
    expect(await gate.command(['tenant', 'list'])).toMatchObject({
      code: 1,
      error: expect.stringContaining('run `tenantgate init` first'),
    })
    expect((await gate.command(['init'])).code).toBe(0)
  })

  test('add and show a tenant with its settings', async () => {
    const added = await gate.command([
      'tenant',
      'add',
      'acme',
      '--name',
      'Acme Inc.',
      '--set',
      'features.export=true',
      '--set',
      'branding.color=#f60',
    ])
    expect(added).toEqual({ code: 0, out: 'tenant acme added', error: '' })
    expect(await json('tenant', 'show', 'acme')).toMatchObject({
      id: 'acme',
      name: 'Acme Inc.',
      status: 'active',
      settings: { features: { export: true }, branding: { color: '#f60' } },
    })
  })

  test('set and take away settings and leave the others alone', async () => {
    await gate.command([
      'tenant',
      'set',
      'acme',
      'limits.connections=5',
      'features.export=',
      '--name',
      'Acme',
    ])
    expect(await json('tenant', 'show', 'acme')).toMatchObject({
      name: 'Acme',
      settings: { features: {}, branding: { color: '#f60' }, limits: { connections: 5 } },
    })
  })

  test.each([
    [['tenant', 'add', 'a b'], 'is not a tenant id'],
    [['tenant', 'add', 'acme'], 'tenant acme exists already'],
    [['tenant', 'add', 'other', '--set', 'limits.conections=5'], 'Unrecognized key'],
    [['tenant', 'set', 'acme', 'limits.connections=many'], 'limits.connections'],
    [['tenant', 'set', 'acme', 'color'], 'expected section.key=value'],
    [['tenant', 'set', 'acme', '__proto__.x=1'], 'expected section.key=value'],
    [['tenant', 'show', 'nobody'], 'there is no tenant nobody'],
    [['tenant', 'suspend', 'nobody'], 'there is no tenant nobody'],
    [['tenant', 'remove', 'nobody'], 'there is no tenant nobody'],
    [['login', 'add', 'x', '--tenant', 'nobody', '--generate'], 'there is no tenant nobody'],
    [['login', 'add', 'x', '--generate'], 'a login of kind app has exactly one tenant'],
    [['login', 'add', 'x', '--kind', 'operator', '--tenant', 'acme', '--generate'], 'has no tenant'],
    [['login', 'add', 'x', '--kind', 'analyst', '--generate'], 'of kind analyst has at least one tenant'],
    [['login', 'add', 'x', '--tenant', 'acme,nobody', '--generate'], 'of kind app has exactly one tenant'],
    [['login', 'add', 'x', '--kind', 'analyst', '--tenant', 'acme,nobody', '--generate'], 'no tenant nobody'],
    [['login', 'add', 'x', '--tenant', 'acme', '--password-stdin'], 'the password is empty'],
    [['login', 'rotate', 'nobody', '--generate'], 'there is no login nobody'],
    [['login', 'disable', 'nobody'], 'there is no login nobody'],
    [['login', 'remove', 'nobody'], 'there is no login nobody'],
  ])('refuse %j', async (argv, message) => {
    const { code, error } = await gate.command(argv)
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining(message) })
  })

  test('suspend and resume', async () => {
    await gate.command(['tenant', 'suspend', 'acme'])
    expect(await json('tenant', 'show', 'acme')).toMatchObject({ status: 'suspended' })
    await gate.command(['tenant', 'resume', 'acme'])
    expect(await json('tenant', 'show', 'acme')).toMatchObject({ status: 'active' })
  })

  const secretOf = async (name: string) => {
    const { rows } = await gate.database.query('SELECT secret FROM tenantgate.logins WHERE name = $1', [name])
    return String(rows[0]?.secret)
  }
  const fits = (secret: string, password: string) => {
    const stored = ScramSecret.parse(secret)
    if (stored === null) return false
    const { iterations, salt } = stored
    return ScramSecret.format(ScramSecret.create(password, { iterations, salt })) === secret
  }

  test('add a login with a password that is printed once and stored as a verifier', async () => {
    const { out, error } = await gate.command(['login', 'add', 'acme_app', '--tenant', 'acme', '--generate'])
    expect(out).toMatch(/^[A-Za-z0-9_-]{24}$/)
    expect(error).toBe('login acme_app added')
    expect(fits(await secretOf('acme_app'), out)).toBe(true)
  })

  test('add a login that a certificate logs in, and no password', async () => {
    const name = 'jobs.acme.example'
    await gate.command(['login', 'add', 'acme_jobs', '--tenant', 'acme', '--certificate-cn', name])
    const { rows } = await gate.database.query(
      "SELECT secret, certificate_cn FROM tenantgate.logins WHERE name = 'acme_jobs'",
    )
    expect(rows).toEqual([{ secret: null, certificate_cn: name }])
    await gate.command(['login', 'remove', 'acme_jobs'])
  })

  test('take a password from standard input', async () => {
    await gate.command(
      ['login', 'add', 'acme_bi', '--tenant', 'acme', '--kind', 'reader', '--password-stdin'],
      'hunter2\n',
    )
    expect(fits(await secretOf('acme_bi'), 'hunter2')).toBe(true)
    await gate.command(['login', 'rotate', 'acme_bi', '--password-stdin'], 'hunter3')
    expect(fits(await secretOf('acme_bi'), 'hunter3')).toBe(true)
  })

  test('list logins without their secrets', async () => {
    await gate.command(['login', 'disable', 'acme_bi'])
    const { out } = await gate.command(['login', 'list'])
    expect(out).toBe(
      'NAME      KIND    TENANTS  STATE\nacme_app  app     acme     enabled\nacme_bi   reader  acme     disabled',
    )
    expect((await gate.command(['login', 'list', '--json'])).out).not.toContain('SCRAM')
    await gate.command(['login', 'enable', 'acme_bi'])
  })

  test('explain shows the scoped SQL', async () => {
    const { code, out } = await gate.command([
      'explain',
      '--login',
      'acme_app',
      '--sql',
      'SELECT id FROM orders',
    ])
    expect(code).toBe(0)
    expect(out).toContain('public.orders')
    expect(out).toContain("'acme'")
  })

  test('explain reads standard input and shows a refusal with a caret', async () => {
    const { code, out, error } = await gate.command(
      ['explain', '--login', 'acme_app'],
      'SELECT *\nFROM secrets',
    )
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain('LINE 2: FROM secrets\n             ^')
  })

  test('explain knows the login', async () => {
    expect(await gate.command(['explain', '--login', 'nobody', '--sql', 'SELECT 1'])).toMatchObject({
      code: 1,
      error: 'error: there is no login nobody',
    })
  })

  test('add an analyst of several tenants, and an operator of none', async () => {
    await gate.command(['tenant', 'add', 'birch', '--name', 'Birch'])
    const analyst = ['login', 'add', 'group_bi', '--kind', 'analyst', '--generate']
    await gate.command([...analyst, '--tenant', 'birch', '--tenant', 'acme,birch'])
    await gate.command(['login', 'add', 'on_call', '--kind', 'operator', '--generate'])
    expect((await gate.command(['login', 'list'])).out).toBe(
      [
        'NAME      KIND      TENANTS      STATE',
        'acme_app  app       acme         enabled',
        'acme_bi   reader    acme         enabled',
        'group_bi  analyst   birch, acme  enabled',
        'on_call   operator  (all)        enabled',
      ].join('\n'),
    )
  })

  test('explain shows all tenants of an analyst that are active, and changes nothing of an operator’s', async () => {
    const ask = (login: string) =>
      gate.command(['explain', '--login', login, '--sql', 'SELECT id FROM orders'])
    expect((await ask('group_bi')).out).toContain("ANY ('{acme,birch}')")
    await gate.command(['tenant', 'suspend', 'birch'])
    expect((await ask('group_bi')).out).toContain("ANY ('{acme}')")
    expect(await ask('on_call')).toEqual({
      code: 0,
      out: 'SELECT id FROM orders',
      error: 'login on_call is an operator: nothing is changed, every statement is audited',
    })
    await gate.command(['tenant', 'suspend', 'acme'])
    expect(await ask('group_bi')).toMatchObject({
      code: 1,
      error: expect.stringContaining('no tenant that is'),
    })
  })

  test('removing a tenant takes it from its analysts too', async () => {
    await gate.database.query(
      "UPDATE tenantgate.logins SET tenants = '{birch,acme,acme}' WHERE name = 'group_bi'",
    )
    await gate.command(['tenant', 'remove', 'birch'])
    expect(await json('login', 'list', '--tenant', 'acme')).toContainEqual(
      expect.objectContaining({ name: 'group_bi', tenants: ['acme', 'acme'] }),
    )
  })

  test('removing a tenant takes its logins along and leaves its rows', async () => {
    await gate.database.query("INSERT INTO orders (tenant_id) VALUES ('acme')")
    const { out } = await gate.command(['tenant', 'remove', 'acme'])
    expect(out).toBe('tenant acme removed, with acme_app, acme_bi, group_bi')
    expect(await json('tenant', 'list')).toEqual([])
    expect((await gate.database.query('SELECT FROM orders')).rows).toHaveLength(1)
  })
})
