import { resolve } from 'node:path'
import { pino } from 'pino'
import { runDemo } from '../../demo/run-demo.js'
import { examples, type Registration } from '../command.js'

interface DemoOptions {
  readonly once?: true
}

/** One database, five products, everything included; stops at Ctrl-C and leaves nothing running. */
export const demo: Registration = (program, { terminal, exitWith }) => {
  const command = program
    .command('demo')
    .description('start a database, five tenants and the gateway, to connect to')
    .option('--once', 'take a guided tour that checks itself, and end')
  examples(command, 'demo', 'demo --once').action(async (options: DemoOptions) => {
    const stopped = new AbortController()
    void terminal.untilStopped().then(() => stopped.abort())
    const ok = await runDemo({
      tour: options.once === true,
      folder: resolve('.tenantgate'),
      print: (line) => terminal.out(line),
      signal: stopped.signal,
      openLog: (file) => pino({ name: 'tenantgate' }, pino.destination(file)),
    })
    if (!ok) exitWith(1)
  })
}
