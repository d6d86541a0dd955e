import { describe, expect, test } from 'vitest'
import { ConfigurationError } from '../../../src/config/configuration-error.js'
import { parseConfiguration } from '../../../src/config/parse.js'

const UPSTREAM = `upstream:
  url: postgres://app@db/app
  operatorUrl: postgres://owner@db/app
`

function read(text: string, variables: Record<string, string> = {}) {
  return parseConfiguration({ file: 'gate.yaml', text, variables })
}

function problems(text: string, variables: Record<string, string> = {}): readonly string[] {
  try {
    read(text, variables)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('parseConfiguration', () => {
  test('fills in every default', () => {
    const configuration = read(UPSTREAM)
    expect(configuration.listen).toEqual({
      host: '127.0.0.1',
      port: 6432,
      tls: { mode: 'disable', cert: null, key: null, clientCa: null },
    })
    expect(configuration.limits.connections).toBe(100)
    expect(configuration.policy.searchPath).toEqual(['public'])
  })

  test('takes a variable as part of a value', () => {
    expect(read(`${UPSTREAM}control: { schema: 'gate_\${STAGE}' }`, { STAGE: 'dev' }).control.schema).toBe(
      'gate_dev',
    )
  })

  test('percent-encodes a variable inside a URL and takes one that is the whole URL as it is', () => {
    const text = `upstream: { url: 'postgres://app:\${PASSWORD}@db/app', operatorUrl: '\${URL}' }`
    const { upstream } = read(text, { PASSWORD: 'p@ss/word', URL: 'postgres://o:%40@db/app' })
    expect(upstream.url).toBe('postgres://app:p%40ss%2Fword@db/app')
    expect(upstream.operatorUrl).toBe('postgres://o:%40@db/app')
  })

  test('gives an unquoted variable the type that its text has', () => {
    expect(read(`${UPSTREAM}listen:\n  port: \${PORT}\n`, { PORT: '7000' }).listen.port).toBe(7000)
    expect(read(`${UPSTREAM}audit:\n  table: \${TABLE}\n`, { TABLE: 'false' }).audit.table).toBe(false)
    expect(problems(`${UPSTREAM}listen:\n  port: "\${PORT}"\n`, { PORT: '7000' })).toHaveLength(1)
  })

  test.each([
    ['an unknown key', `${UPSTREAM}listen:\n  prot: 1\n`, 'gate.yaml:5: listen.prot: unknown key'],
    ['an unknown section', `${UPSTREAM}listn: {}\n`, 'gate.yaml:4: listn: unknown key'],
    [
      'a wrong type',
      `${UPSTREAM}listen:\n  host: x\n  port: many\n`,
      'gate.yaml:6: listen.port: Invalid input: expected number, received string',
    ],
    [
      'a wrong choice',
      `${UPSTREAM}policy: { explain: always }`,
      'gate.yaml:4: policy.explain: Invalid option: expected one of "deny"|"plan"|"analyze"',
    ],
    [
      'a missing variable',
      `${UPSTREAM}control:\n  schema: \${NOWHERE}\n`,
      'gate.yaml:5: control.schema: the environment has no variable NOWHERE',
    ],
    [
      'a missing key',
      'upstream:\n  url: postgres://app@db/app\n',
      'gate.yaml:1: upstream.operatorUrl: Invalid input: expected string, received undefined',
    ],
    [
      'a relation without schema',
      `${UPSTREAM}policy:\n  relations:\n    countries: { access: shared }\n`,
      'gate.yaml:6: policy.relations.countries: expected schema.relation',
    ],
    [
      'a rule without its column',
      `${UPSTREAM}policy:\n  relations:\n    public.items:\n      access: via\n      references: public.orders.id\n`,
      'gate.yaml:6: policy.relations.public.items.column: Invalid input: expected string, received undefined',
    ],
    [
      'TLS without certificate',
      `${UPSTREAM}listen:\n  tls: { mode: require, key: a.pem }\n`,
      'gate.yaml:5: listen.tls.cert: expected a PEM file, since listen.tls.mode is require',
    ],
    [
      'fewer server connections than processes',
      `${UPSTREAM}  pool: { max: 2 }\nworkers: 3\n`,
      'gate.yaml:4: upstream.pool.max: expected 3 at least, one for each of the workers',
    ],
    ['a key twice', `${UPSTREAM}workers: 1\nworkers: 2\n`, 'gate.yaml:5: Map keys must be unique'],
  ])('names key, expectation and line of %s', (_, text, message) => {
    expect(problems(text)).toContain(message)
  })

  test('names the line of broken YAML', () => {
    expect(problems('upstream: [1,\n').join()).toMatch(/^gate\.yaml:\d+: Flow sequence/)
  })

  test('names every problem at once', () => {
    expect(problems(`${UPSTREAM}workers: 0\ncontrol: { schma: x }\n`)).toHaveLength(2)
  })

  test('never shows the value of a variable', () => {
    const said = problems(`${UPSTREAM}listen:\n  port: \${SECRET}\n`, { SECRET: 'hunter2' }).join()
    expect(said).not.toContain('hunter2')
  })
})
