import type { Logger } from 'pino'
import { Throttle } from '../auth/throttle.js'
import { policyOf } from '../config/policy.js'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import { Cell, type Current } from '../core/current.js'
import type { Counters } from '../limits/counters.js'
import { OwnQuotas, ownRates } from '../limits/own-quotas.js'
import { Permits } from '../limits/permits.js'
import type { Quotas } from '../limits/quotas.js'
import { SharedOccupancy } from '../limits/shared-occupancy.js'
import { ClaimedStock } from '../machines/claimed-stock.js'
import { openLimitStore } from '../machines/limit-store.js'
import type { Policy } from '../policy/policy.js'
import type { SessionKey } from '../session/registry.js'
import type { Limits } from '../tenants/tenant.js'
import { type ControlPlane, openControlPlane } from '../upstream/control-plane.js'
import type { LeasePool, Pool } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { countsAlone, permittedPool } from './permitting.js'

/** Opens a pool; it tells of each connection whose lease has ended. */
export type OpenPool = (leaseEnded: (connection: ServerConnection) => void) => Pool

/** What all sessions of a gateway go by, in however many processes they are: who, what, may, and how much. */
export interface Foundation {
  readonly controlPlane: Pick<ControlPlane, 'catalog' | 'snapshot' | 'schemaChanged'>
  readonly policy: Current<Policy>
  /** Those that a tenant's own leave out. */
  readonly limits: Current<Limits>
  readonly quotas: Quotas
  readonly throttle: Throttle
  /** The session with this key is in no process that is this one. */
  cancelElsewhere(key: SessionKey): void
  /** Opens the pool that sessions lease from; what it opens is asked for leases that nobody else has to count. */
  leasing(open: OpenPool): LeasePool
}

/** The foundation of the process that reads the database and counts, for itself or for its workers. */
export interface OwnFoundation extends Foundation {
  readonly controlPlane: ControlPlane
  /** For its workers. */
  readonly counters: Counters
  /** Policy and limits are as this configuration has them from now on. */
  reload(configuration: Configuration): void
  close(): Promise<void>
}

/**
 * Opens the control plane, which is read from the database.
 *
 * Rejects   where the database can't be reached or has no control schema
 */
export async function openFoundation(configuration: Configuration, logger: Logger): Promise<OwnFoundation> {
  const { upstream, control } = configuration
  const cells = new ConfiguredCells(configuration)
  const controlPlane = await openControlPlane({
    operatorUrl: upstream.operatorUrl,
    controlSchema: control.schema,
    policy: cells.policy,
    onProblem: (problem) => logger.warn({ err: problem }, 'the control plane could not be read'),
  })
  const counting = openCounters(configuration, logger)
  const { counters } = counting
  const isAlone = countsAlone(configuration)
  return {
    controlPlane,
    policy: cells.policy,
    limits: cells.limits,
    quotas: new OwnQuotas(SystemClock, isAlone ? undefined : counters),
    counters,
    throttle: new Throttle({ clock: SystemClock }),
    cancelElsewhere: () => {},
    leasing: (open) =>
      isAlone
        ? open(() => {})
        : permittedPool(open, configuration, { permits: counters.permits, uncounted: Infinity }),
    reload: (next) => cells.reload(next),
    close: async () => {
      await counting.close()
      await controlPlane.close()
    },
  }
}

interface Counting {
  readonly counters: Counters
  close(): Promise<void>
}

/** Counts for this machine, together with others where they have a store for that. */
function openCounters(configuration: Configuration, logger: Logger): Counting {
  const store = openLimitStore(configuration, logger)
  if (store === null)
    return {
      counters: {
        connections: new SharedOccupancy(),
        permits: new Permits(),
        borrow: ownRates(SystemClock),
      },
      close: async () => {},
    }
  const stock = new ClaimedStock(store.counts, SystemClock)
  return {
    counters: {
      connections: new SharedOccupancy(store.counts),
      permits: new Permits(stock),
      borrow: store.borrow,
    },
    close: async () => {
      stock.stop()
      await store.close()
    },
  }
}

/** What of a configuration can change while the gateway runs. */
export class ConfiguredCells {
  readonly policy: Cell<Policy>
  readonly limits: Cell<Limits>

  constructor(configuration: Configuration) {
    this.policy = new Cell(policyOf(configuration))
    this.limits = new Cell(configuration.limits)
  }

  reload(configuration: Configuration): void {
    this.policy.replace(policyOf(configuration, this.policy.value.generation + 1))
    this.limits.replace(configuration.limits)
  }
}
