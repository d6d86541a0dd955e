import { spawn } from 'node:child_process'

/** How a program ended and what it said. */
export interface Outcome {
  /** null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Added to the environment, from which all PG* variables are taken away. */
  readonly env?: Readonly<Record<string, string>>
  /** Standard input; empty without it. */
  readonly input?: string
  readonly cwd?: string
  /** After that the program is killed, and the promise rejects. */
  readonly limitMs?: number
}

/** Runs a program (psql, pgbench, node) to its end; a bad exit code is an outcome, not an error. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const limitMs = options.limitMs ?? 60_000
  const child = spawn(command, args, { env: { ...cleanEnvironment(), ...options.env }, cwd: options.cwd })
  let expired = false
  const timer = setTimeout(() => {
    expired = true
    child.kill('SIGKILL')
  }, limitMs)
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  // a program may end before it has read everything
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (expired) throw new Error(`${command} did not end within ${limitMs} ms\n${stdout()}${stderr()}`)
    return { code, stdout: stdout(), stderr: stderr() }
  } finally {
    clearTimeout(timer)
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8', PGCONNECT_TIMEOUT: '10', PSQLRC: '/dev/null' }
}
