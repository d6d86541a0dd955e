/** What a thread or a process of our own runs, and what Node needs to run it. */
export interface ProgramEntry {
  readonly url: URL
  readonly execArgv?: readonly string[]
}
