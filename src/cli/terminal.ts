/** What a command sees of the process it runs in; tests bring their own. */
export interface Terminal {
  out(text: string): void
  error(text: string): void
  /** Standard input to its end. */
  readInput(): Promise<string>
  /** Resolves at the first SIGINT or SIGTERM. */
  untilStopped(): Promise<void>
  /** Calls the listener at every SIGHUP, which doesn't end the process from then on. */
  onHangup(listener: () => void): void
  /** Calls the listener at every SIGUSR2. */
  onReplace(listener: () => void): void
  readonly variables: Readonly<Record<string, string | undefined>>
}

export const ProcessTerminal: Terminal = {
  out: (text) => {
    process.stdout.write(`${text}\n`)
  },
  error: (text) => {
    process.stderr.write(`${text}\n`)
  },
  async readInput() {
    process.stdin.setEncoding('utf8')
    let text = ''
    for await (const chunk of process.stdin) text += chunk
    return text
  },
  untilStopped: () =>
    new Promise((resolve) => {
      process.once('SIGINT', () => resolve())
      process.once('SIGTERM', () => resolve())
    }),
  onHangup: (listener) => {
    process.on('SIGHUP', listener)
  },
  onReplace: (listener) => {
    process.on('SIGUSR2', listener)
  },
  variables: process.env,
}
