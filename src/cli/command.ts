import type { Command as Commander } from 'commander'
import type { ExitCode } from './exit.js'
import type { Terminal } from './terminal.js'

/** Passed to every command when it is registered. */
export interface CommandContext {
  readonly terminal: Terminal
  /** What the process ends with unless the command fails. */
  exitWith(code: ExitCode): void
}

/** One command or group of commands: adds itself to the program. */
export type Registration = (program: Commander, context: CommandContext) => void

/** An example for the end of `--help`. */
export function examples(command: Commander, ...lines: readonly string[]): Commander {
  return command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  $ tenantgate ${line}`).join('\n')}`,
  )
}
