import { Command, CommanderError } from 'commander'
import { ConfigurationError } from '../config/configuration-error.js'
import { StoreError } from '../tenants/store-error.js'
import { COMMANDS } from './commands/index.js'
import { CommandError, type ExitCode } from './exit.js'
import type { Terminal } from './terminal.js'
import { version } from './version.js'

/** Runs one command line (without program names) and gives its exit code; never ends the process itself. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = new Command('tenantgate')
    .description('A PostgreSQL gateway that makes every statement carry its tenant')
    .version(version())
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride()
  const context = {
    terminal,
    exitWith(next: ExitCode) {
      code = next
    },
  }
  for (const register of COMMANDS) register(program, context)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    return failed(error, terminal)
  }
}

function failed(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof ConfigurationError) {
    terminal.error(error.message)
    return 2
  }
  if (error instanceof CommandError) {
    terminal.error(`error: ${error.message}`)
    return error.exitCode
  }
  terminal.error(`error: ${sentence(error)}`)
  return 1
}

/** A store's or the database's own words; anything else is a bug and shows its stack. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const expected = error instanceof StoreError || 'code' in error || error.cause !== undefined
  const text =
    error instanceof AggregateError ? error.errors.map((one) => sentence(one)).join('; ') : error.message
  return expected ? withAdvice(error, text) : (error.stack ?? error.message)
}

function withAdvice(error: Error, text: string): string {
  const isMissing = 'code' in error && (error.code === '42P01' || error.code === '3F000')
  return isMissing ? `${text}\nrun \`tenantgate init\` first` : text
}
