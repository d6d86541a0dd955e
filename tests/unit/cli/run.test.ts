import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/index.js'
import { tenantgate } from './fake-terminal.js'

describe('run', () => {
  test('names every command in its help', async () => {
    const { code, out } = await tenantgate(['--help'])
    expect(code).toBe(0)
    for (const name of ['serve', 'init', 'tenant', 'login', 'explain']) expect(out).toContain(name)
    expect(COMMANDS.length).toBeGreaterThanOrEqual(5)
  })

  test.each([
    ['serve'],
    ['init'],
    ['explain'],
    ['tenant', 'add'],
    ['tenant', 'list'],
    ['tenant', 'show'],
    ['tenant', 'set'],
    ['tenant', 'suspend'],
    ['tenant', 'resume'],
    ['tenant', 'remove'],
    ['login', 'add'],
    ['login', 'list'],
    ['login', 'rotate'],
    ['login', 'disable'],
    ['login', 'enable'],
    ['login', 'remove'],
  ])('shows an example for %s %s', async (...command) => {
    const { code, out } = await tenantgate([...command, '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`$ tenantgate ${command.join(' ')}`)
  })

  test.each([
    [['nonsense']],
    [['tenant', 'add']],
    [['tenant', 'add', 'acme', '--nonsense']],
    [['explain']],
    [['login', 'add', 'x', '--kind', 'root', '--generate']],
    [['login', 'add', 'x', '--generate', '--password-stdin']],
    [['tenant', 'list', '--config', '/nowhere/gate.yaml']],
  ])('ends with 2 for %j', async (argv) => {
    const { code, error } = await tenantgate(argv)
    expect(code).toBe(2)
    expect(error).not.toBe('')
  })

  test('tells its version', async () => {
    expect((await tenantgate(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/)
  })
})
