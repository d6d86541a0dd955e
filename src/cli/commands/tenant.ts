import type { Command } from 'commander'
import type { TenantRecord } from '../../tenants/tenant-writes.js'
import { type CommandContext, examples, type Registration } from '../command.js'
import { type ConfigOption, withConfig, withControlSchema } from '../configured.js'
import { CommandError } from '../exit.js'
import { table } from '../table.js'

interface AddOptions extends ConfigOption {
  readonly name?: string
  readonly set: readonly string[]
}

interface ListOptions extends ConfigOption {
  readonly json?: true
}

/** The tenants table; every change is in force in each gateway within a second. */
export const tenant: Registration = (program, context) => {
  const group = program.command('tenant').description('tenants, live: no restart')
  for (const register of [add, list, show, set, suspend, resume, remove]) register(group, context)
}

const assignments = (value: string, before: readonly string[]) => [...before, value]

function add(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('add <id>')
    .description('add a tenant')
    .option('--name <name>', 'its name, if not the id')
    .option('--set <key=value>', 'a feature, branding or limit; may be given several times', assignments, [])
  examples(
    withConfig(command),
    'tenant add acme --name "Acme Inc." --set features.export=true --set limits.queriesPerSecond=50',
  ).action((id: string, options: AddOptions) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      await tenants.add({ id, name: options.name ?? id, assignments: options.set })
      terminal.out(`tenant ${id} added`)
    }),
  )
}

function list(group: Command, { terminal }: CommandContext): void {
  const command = group.command('list').description('list the tenants').option('--json', 'as JSON')
  examples(withConfig(command), 'tenant list', 'tenant list --json').action((options: ListOptions) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      const records = await tenants.list()
      terminal.out(options.json ? JSON.stringify(records, null, 2) : tenantTable(records))
    }),
  )
}

function tenantTable(records: readonly TenantRecord[]): string {
  return table(
    ['ID', 'NAME', 'STATUS', 'LOGINS'],
    records.map(({ id, name, status, logins }) => [id, name, status, logins.join(', ')]),
  )
}

function show(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('show <id>')
    .description('show one tenant with its settings')
    .option('--json', 'as JSON')
  examples(withConfig(command), 'tenant show acme').action((id: string, options: ListOptions) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      const record = await tenants.show(id)
      terminal.out(options.json ? JSON.stringify(record, null, 2) : details(record))
    }),
  )
}

function details({ settings, ...record }: TenantRecord): string {
  return [
    `id        ${record.id}`,
    `name      ${record.name}`,
    `status    ${record.status}`,
    `logins    ${record.logins.join(', ')}`,
    `settings  ${JSON.stringify(settings, null, 2).replaceAll('\n', '\n          ')}`,
  ].join('\n')
}

function set(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('set <id> [assignments...]')
    .description('change settings (section.key=value; an empty value takes the key away) or the name')
    .option('--name <name>', 'a new name')
  examples(
    withConfig(command),
    'tenant set acme features.export=true limits.connections=20',
    'tenant set acme features.export=',
  ).action((id: string, values: readonly string[], options: { readonly name?: string } & ConfigOption) => {
    if (values.length === 0 && options.name === undefined)
      throw new CommandError('nothing to set: expected section.key=value or --name', 2)
    return withControlSchema(options, terminal, async ({ tenants }) => {
      if (values.length > 0) await tenants.set(id, values)
      if (options.name !== undefined) await tenants.rename(id, options.name)
      terminal.out(details(await tenants.show(id)))
    })
  })
}

function suspend(group: Command, { terminal }: CommandContext): void {
  const command = group.command('suspend <id>').description('end its sessions and let nobody in')
  examples(withConfig(command), 'tenant suspend acme').action((id: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      await tenants.setStatus(id, 'suspended')
      terminal.out(`tenant ${id} suspended`)
    }),
  )
}

function resume(group: Command, { terminal }: CommandContext): void {
  const command = group.command('resume <id>').description('let its logins in again')
  examples(withConfig(command), 'tenant resume acme').action((id: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      await tenants.setStatus(id, 'active')
      terminal.out(`tenant ${id} active`)
    }),
  )
}

function remove(group: Command, { terminal }: CommandContext): void {
  const command = group
    .command('remove <id>')
    .description('take the tenant and its logins away; its rows stay in the database, out of reach')
  examples(withConfig(command), 'tenant remove acme').action((id: string, options: ConfigOption) =>
    withControlSchema(options, terminal, async ({ tenants }) => {
      const logins = await tenants.remove(id)
      terminal.out(`tenant ${id} removed${logins.length === 0 ? '' : `, with ${logins.join(', ')}`}`)
    }),
  )
}
