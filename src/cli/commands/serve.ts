import { examples, type Registration } from '../command.js'
import { type ConfigOption, configurationOf, withConfig } from '../configured.js'

/** Runs the gateway until it is told to stop; clients are let go in order. SIGHUP takes over new certificates. */
export const serve: Registration = (program, { terminal }) => {
  const command = program.command('serve').description('run the gateway')
  examples(withConfig(command), 'serve --config tenantgate.yaml').action(async (options: ConfigOption) => {
    const configuration = await configurationOf(options, terminal)
    const { startGateway } = await import('../../app.js')
    const gateway = await startGateway(configuration)
    terminal.error(`tenantgate listens on ${configuration.listen.host}:${gateway.port}`)
    terminal.onHangup(() => void gateway.reload())
    await terminal.untilStopped()
    await gateway.stop()
  })
}
