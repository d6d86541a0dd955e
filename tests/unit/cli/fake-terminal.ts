import { run } from '../../../src/cli/run.js'
import type { Terminal } from '../../../src/cli/terminal.js'

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** Runs one command line as a process would, and gives what it said. */
export async function tenantgate(argv: readonly string[], input = ''): Promise<Outcome> {
  const said = { out: [] as string[], error: [] as string[] }
  const terminal: Terminal = {
    out: (text) => said.out.push(text),
    error: (text) => said.error.push(text),
    readInput: async () => input,
    untilStopped: async () => undefined,
    onHangup: () => undefined,
    onReplace: () => undefined,
    variables: {},
  }
  const code = await run(argv, terminal)
  return { code, out: said.out.join('\n'), error: said.error.join('\n') }
}
