import { setTimeout as delay } from 'node:timers/promises'
import type { Failure } from './measure.js'
import type { Peer } from './peer.js'
import { type PgbenchOptions, runPgbench } from './pgbench.js'
import { scopedScript, scriptNamed } from './workload.js'

/** What becomes of one tenant's latency when another one has many clients with long statements. */
export interface NeighbourResult {
  /** Units: µs. */
  readonly aloneP50Us: number
  readonly aloneP99Us: number
  readonly besideP50Us: number
  readonly besideP99Us: number
}

export interface NeighbourOptions {
  readonly pgbench: string
  readonly seconds: number
  readonly signal: AbortSignal
}

const VICTIM_CLIENTS = 4
const NOISY_CLIENTS = 64
/** Until all of them are at it, and longer than the victim is measured. */
const LEAD_SECONDS = 1

/** Measures the victim's point reads alone, then beside its neighbour. */
export async function measureNeighbour(
  peer: Peer,
  options: NeighbourOptions,
): Promise<NeighbourResult | Failure> {
  try {
    const victim = await load(peer, options, { script: 'point-read', clients: VICTIM_CLIENTS })
    const noisy = await load(
      { ...peer, credentials: peer.neighbour },
      { ...options, seconds: options.seconds + 2 * LEAD_SECONDS },
      { script: 'heavy', clients: NOISY_CLIENTS },
    )
    const alone = await runPgbench(victim)
    const noise = runPgbench(noisy)
    // it is awaited below; until then nobody listens
    noise.catch(() => {})
    await delay(1000 * LEAD_SECONDS)
    const beside = await runPgbench(victim)
    await noise
    return {
      aloneP50Us: alone.p50Us,
      aloneP99Us: alone.p99Us,
      besideP50Us: beside.p50Us,
      besideP99Us: beside.p99Us,
    }
  } catch (error) {
    options.signal.throwIfAborted()
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

async function load(
  peer: Peer,
  { pgbench, seconds, signal }: NeighbourOptions,
  { script, clients }: { readonly script: string; readonly clients: number },
): Promise<PgbenchOptions> {
  return {
    program: pgbench,
    credentials: peer.credentials,
    script: scopedScript(await scriptNamed(script), peer.scoping),
    mode: 'simple',
    clients,
    reconnects: false,
    seconds,
    signal,
  }
}
