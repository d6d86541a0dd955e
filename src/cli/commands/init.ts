import { policyOf } from '../../config/policy.js'
import { provision, provisionSql } from '../../upstream/provision/provision.js'
import { examples, type Registration } from '../command.js'
import { asOperator, type ConfigOption, configurationOf, withConfig } from '../configured.js'
import { CommandError } from '../exit.js'

interface InitOptions extends ConfigOption {
  readonly rls?: true
  readonly print?: true
}

/** Makes the database ready: control schema, the gateway's role and its grants; may be run again at any time. */
export const init: Registration = (program, { terminal }) => {
  const command = program
    .command('init')
    .description("create or migrate the control schema and the gateway's database role")
    .option('--rls', 'also generate row-level security policies, as another wall')
    .option('--print', 'show the SQL and change nothing')
  examples(
    withConfig(command),
    'init --config tenantgate.yaml',
    'init --config tenantgate.yaml --rls --print > init.sql',
  ).action(async (options: InitOptions) => {
    const configuration = await configurationOf(options, terminal)
    if (options.rls && !configuration.policy.rowSecurity)
      throw new CommandError(
        "--rls needs `policy.rowSecurity: true` in the configuration: without it the gateway wouldn't say whose rows it asks for, and would get none",
        2,
      )
    const provisioning = {
      upstreamUrl: configuration.upstream.url,
      policy: policyOf(configuration),
      rowSecurity: options.rls === true,
    }
    await asOperator(configuration, async (client) => {
      if (options.print) return terminal.out(await provisionSql(client, provisioning))
      const { done, warnings } = await provision(client, provisioning)
      for (const title of done) terminal.out(`ok       ${title}`)
      for (const warning of warnings) terminal.error(`warning  ${warning}`)
    })
  })
}
