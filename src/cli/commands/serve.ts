import { pino } from 'pino'
import { watchConfiguration } from '../../config/watch.js'
import { examples, type Registration } from '../command.js'
import { type ConfigOption, configurationOf, withConfig } from '../configured.js'

/**
 * Runs the gateway until it is told to stop; clients are let go in order.
 *
 * A changed configuration file is taken over, as at SIGHUP; SIGUSR2 replaces the worker processes.
 */
export const serve: Registration = (program, { terminal }) => {
  const command = program.command('serve').description('run the gateway')
  examples(withConfig(command), 'serve --config tenantgate.yaml').action(async (options: ConfigOption) => {
    const load = () => configurationOf(options, terminal)
    const configuration = await load()
    const { startGateway } = await import('../../app.js')
    const logger = pino({ name: 'tenantgate' }, pino.destination(2))
    const gateway = await startGateway(configuration, { logger })
    terminal.error(`tenantgate listens on ${configuration.listen.host}:${gateway.port}`)
    const watch = watchConfiguration(options.config, {
      load,
      apply: (next) => gateway.reload(next),
      refused: (err) => logger.error({ err }, 'the configuration could not be reloaded; the old one stays'),
    })
    terminal.onHangup(() => void watch.reload())
    terminal.onReplace(() => void gateway.replaceWorkers())
    await terminal.untilStopped()
    watch.close()
    const stopped = gateway.stop(configuration.drainTimeoutMs)
    await Promise.race([stopped, terminal.untilStopped().then(() => gateway.stop(0))])
  })
}
