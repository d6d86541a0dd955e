/** 0 done, 1 a finding or failure, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2

/** Ends a command with a sentence for the user, without a stack. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
