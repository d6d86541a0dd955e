import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cleanup } from './cleanup.js'
import { guidedTour } from './guided-tour.js'
import { type Logger, type StageOptions, setStage } from './stage.js'
import { welcome } from './welcome.js'

export interface DemoOptions {
  /** The guided tour instead of serving until the signal. */
  readonly tour: boolean
  /** Where the demo keeps its things; made if missing. The tour uses a temporary one. */
  readonly folder: string
  readonly print: (line: string) => void
  /** Ends the demo. */
  readonly signal: AbortSignal
  readonly openLog: (file: string) => Logger
}

const PORTS = { gateway: 6432, admin: 6480 }

/** Runs the demo to its end and leaves nothing running; false if the tour found something amiss. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const cleanup = new Cleanup()
  try {
    const stage = await setStage(await stageOptions(options, cleanup), cleanup)
    const { signal, print } = options
    if (options.tour) return await Promise.race([guidedTour(stage, cleanup, print), interrupted(signal)])
    print(welcome(stage))
    await aborted(signal)
    print('\nStopping …')
    return true
  } catch (error) {
    if (options.signal.aborted && !options.tour) return true
    throw error
  } finally {
    await cleanup.run()
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

async function interrupted(signal: AbortSignal): Promise<never> {
  await aborted(signal)
  throw new Error('the tour was interrupted')
}

async function stageOptions(
  { tour, folder, print, signal, openLog }: DemoOptions,
  cleanup: Cleanup,
): Promise<StageOptions> {
  const common = { print, signal, openLog }
  if (!tour) {
    await mkdir(folder, { recursive: true })
    return { ...common, folder, keepsData: true, name: 'tenantgate_demo', ports: PORTS }
  }
  // a tour beside a demo that runs, or beside another tour, disturbs neither
  const temporary = await mkdtemp(join(tmpdir(), 'tenantgate-tour-'))
  cleanup.add(() => rm(temporary, { recursive: true, force: true }))
  const name = `tenantgate_tour_${randomBytes(4).toString('hex')}`
  return { ...common, folder: temporary, keepsData: false, name, ports: { gateway: 0, admin: 0 } }
}
