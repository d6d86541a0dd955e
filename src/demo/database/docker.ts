import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Database } from './database.js'

const IMAGE = 'postgres:18'
const INFO = ['info', '--format', '{{.ServerVersion}}']
const ANSWER_MS = 3_000

export interface ContainerOptions {
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Whether a Docker engine answers.
 *
 * The socket is looked for first: asking a client without an engine may take seconds.
 */
export async function dockerAnswers(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const sockets = [
    '/var/run/docker.sock',
    join(homedir(), '.docker/run/docker.sock'),
    join(environment.XDG_RUNTIME_DIR ?? '/run', 'docker.sock'),
  ]
  if (environment.DOCKER_HOST === undefined && !sockets.some((path) => existsSync(path))) return false
  return new Promise((resolve) => {
    execFile('docker', INFO, { timeout: ANSWER_MS, env: environment }, (error) => {
      resolve(error === null)
    })
  })
}

/**
 * Runs PostgreSQL in a container, which testcontainers' own reaper removes should our process be killed.
 *
 * The library is a development dependency and slow to load: it is imported only here, and its absence is an error
 * like any other that makes the caller go on to the next source.
 */
export async function startContainer(options: ContainerOptions): Promise<Database> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: options.password, POSTGRES_INITDB_ARGS: '--locale=C.UTF-8' })
    .withCommand(['postgres', ...settings])
    .withExposedPorts(5432)
    // the image starts the server twice: once to initialise, then for good
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start()
  const address = `${container.getHost()}:${container.getMappedPort(5432)}`
  let stopped: Promise<unknown> | undefined
  return {
    url: `postgres://postgres:${options.password}@${address}/postgres`,
    source: 'docker',
    async stop() {
      stopped ??= container.stop()
      await stopped
    },
  }
}
