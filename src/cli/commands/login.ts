import { type Command, Option } from 'commander'
import type { LoginKind } from '../../tenants/login.js'
import { generatePassword, type LoginRecord } from '../../tenants/login-writes.js'
import { type CommandContext, examples, type Registration } from '../command.js'
import { type ConfigOption, withConfig, withControlSchema } from '../configured.js'
import { CommandError } from '../exit.js'
import { table } from '../table.js'
import type { Terminal } from '../terminal.js'

interface PasswordOptions extends ConfigOption {
  readonly passwordStdin?: true
  readonly generate?: true
}

interface AddOptions extends PasswordOptions {
  readonly tenant: readonly string[]
  readonly kind: LoginKind
  readonly certificateCn?: string
}

interface ListOptions extends ConfigOption {
  readonly tenant?: string
  readonly json?: true
}

/** The logins table: who may connect, as which tenant. */
export const login: Registration = (program, context) => {
  const group = program.command('login').description('connection identities')
  for (const register of [add, list, rotate, disable, enable, remove]) register(group, context)
}

const several = (value: string, before: readonly string[]) => [...before, ...value.split(',')]

function withPassword(command: Command): Command {
  return command
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('generate'))
    .addOption(new Option('--generate', 'make a password and print it, this once'))
}

function add(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('add <name>')
    .description('add a login')
    .option('--tenant <id>', 'its tenant; several for an analyst, none for an operator', several, [])
    .addOption(
      new Option(
        '--kind <kind>',
        'app reads and writes, reader reads, analyst reads several tenants, operator is unscoped',
      )
        .choices(['app', 'reader', 'analyst', 'operator'] satisfies LoginKind[])
        .default('app'),
    )
    .option('--certificate-cn <name>', 'a verified client certificate of this common name needs no password')
  examples(
    withConfig(withPassword(command)),
    'login add acme_app --tenant acme --generate',
    'login add acme_jobs --tenant acme --certificate-cn jobs.acme.example',
    'login add acme_bi --tenant acme --kind reader --password-stdin < password.txt',
    'login add group_bi --kind analyst --tenant acme --tenant birch --generate',
    'login add on_call --kind operator --generate',
  ).action(async (name: string, options: AddOptions) => {
    const { kind, tenant: tenants, certificateCn } = options
    const isByCertificate = certificateCn !== undefined && !options.generate && !options.passwordStdin
    const password = isByCertificate ? null : await passwordOf(options, terminal)
    const certificate = certificateCn === undefined ? {} : { certificateCn }
    await withControlSchema(options, terminal, async ({ logins }) => {
      await logins.add({ name, kind, tenants, password, ...certificate })
    })
    terminal.error(`login ${name} added`)
    if (options.generate && password !== null) terminal.out(password)
  })
}

async function passwordOf(options: PasswordOptions, terminal: Terminal): Promise<string> {
  if (options.generate) return generatePassword()
  if (!options.passwordStdin) throw new CommandError('expected --password-stdin or --generate', 2)
  return (await terminal.readInput()).replace(/\r?\n$/, '')
}

function list(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('list')
    .description('list the logins')
    .option('--tenant <id>', 'only those of one tenant')
    .option('--json', 'as JSON')
  examples(withConfig(command), 'login list --tenant acme').action((options: ListOptions) =>
    withControlSchema(options, terminal, async ({ logins }) => {
      const records = await logins.list(options.tenant)
      terminal.out(options.json ? JSON.stringify(records, null, 2) : loginTable(records))
    }),
  )
}

function loginTable(records: readonly LoginRecord[]): string {
  return table(
    ['NAME', 'KIND', 'TENANTS', 'STATE'],
    records.map(({ name, kind, tenants, disabled }) => [
      name,
      kind,
      kind === 'operator' ? '(all)' : tenants.join(', '),
      disabled ? 'disabled' : 'enabled',
    ]),
  )
}

function rotate(group: Command, { terminal }: CommandContext): void {
  const command = group.command('rotate <name>').description('give a login a new password')
  examples(withConfig(withPassword(command)), 'login rotate acme_app --generate').action(
    async (name: string, options: PasswordOptions) => {
      const password = await passwordOf(options, terminal)
      await withControlSchema(options, terminal, ({ logins }) => logins.rotate(name, password))
      terminal.error(`login ${name} has a new password`)
      if (options.generate) terminal.out(password)
    },
  )
}

function disable(group: Command, { terminal }: CommandContext): void {
  const command = group.command('disable <name>').description('end its sessions and let it in no more')
  examples(withConfig(command), 'login disable acme_app').action((name: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ logins }) => {
      await logins.setDisabled(name, true)
      terminal.out(`login ${name} disabled`)
    }),
  )
}

function enable(group: Command, { terminal }: CommandContext): void {
  const command = group.command('enable <name>').description('let a disabled login in again')
  examples(withConfig(command), 'login enable acme_app').action((name: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ logins }) => {
      await logins.setDisabled(name, false)
      terminal.out(`login ${name} enabled`)
    }),
  )
}

function remove(group: Command, { terminal }: CommandContext): void {
  const command = group.command('remove <name>').description('take a login away')
  examples(withConfig(command), 'login remove acme_app').action((name: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ logins }) => {
      await logins.remove(name)
      terminal.out(`login ${name} removed`)
    }),
  )
}
