import { freePort } from '../demo/database/free-port.js'
import { type Companion, startCompanion } from './companion.js'

export interface GatewayOptions {
  /** The gateway's own role, and the superuser. */
  readonly upstream: { readonly url: string; readonly operatorUrl: string }
  readonly poolSize: number
  /** What runs this very program's command line: a program and its first arguments. */
  readonly command: readonly [string, ...string[]]
  /** Where its CPU profile goes when it stops. */
  readonly profile: string | null
}

export interface GatewayProcess {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** The gateway as its users run it, in a process of its own: `tenantgate serve --config FILE`. */
export async function startGatewayProcess(options: GatewayOptions): Promise<GatewayProcess> {
  const { command, profile, upstream, poolSize } = options
  const [program, ...first] = command
  const port = await freePort()
  const inspect =
    profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-interval=200']
  const configuration = {
    listen: { port },
    upstream: { ...upstream, pool: { max: poolSize, perTenant: poolSize } },
    admin: { port: null },
  }
  const companion: Companion = await startCompanion({
    name: 'the gateway',
    program,
    args: () => [...inspect, ...first, 'serve', '--config', 'tenantgate.yaml'],
    files: { 'tenantgate.yaml': JSON.stringify(configuration) },
    account: undefined,
    port,
  })
  return { pid: companion.pid, port, stop: companion.stop }
}
