/** One thing wrong with a configuration file. */
export interface ConfigurationProblem {
  /** `upstream.pool.max`; empty for the file itself. */
  readonly path: string
  /** What was expected, or what is wrong. */
  readonly message: string
  /** 1-based; null where there is no place to point at. */
  readonly line: number | null
}

/** A configuration file that can't be used; the command line ends with exit code 2. */
export class ConfigurationError extends Error {
  readonly file: string
  readonly problems: readonly ConfigurationProblem[]

  constructor(file: string, problems: readonly ConfigurationProblem[]) {
    super(problems.map((problem) => describe(file, problem)).join('\n'))
    this.name = 'ConfigurationError'
    this.file = file
    this.problems = problems
  }
}

function describe(file: string, { path, message, line }: ConfigurationProblem): string {
  const place = line === null ? file : `${file}:${line}`
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`
}
