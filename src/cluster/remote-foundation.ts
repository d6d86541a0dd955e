import { ConfiguredCells, type Foundation, type OpenPool } from '../composition/foundation.js'
import { countsAlone, permittedPool } from '../composition/permitting.js'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import type { SessionKey } from '../session/registry.js'
import type { TenantCatalog } from '../tenants/catalog.js'
import type { LeasePool } from '../upstream/pool.js'
import type { ToPrimary, ToWorker } from './messages.js'
import { RemoteControlPlane } from './remote-control-plane.js'
import { RemotePermits } from './remote-permits.js'
import { RemoteQuotas } from './remote-quotas.js'
import { RemoteThrottle } from './remote-throttle.js'

export interface RemoteFoundationOptions {
  readonly configuration: Configuration
  readonly catalog: TenantCatalog
  readonly send: (message: ToPrimary) => void
}

/** What a worker goes by: all of it is the primary's. */
export class RemoteFoundation extends ConfiguredCells implements Foundation {
  readonly controlPlane: RemoteControlPlane
  readonly quotas: RemoteQuotas
  readonly throttle: RemoteThrottle
  readonly #options: RemoteFoundationOptions
  readonly #permits: RemotePermits

  constructor(options: RemoteFoundationOptions) {
    super(options.configuration)
    const { catalog, send } = options
    this.#options = options
    this.controlPlane = new RemoteControlPlane(catalog, send)
    this.#permits = new RemotePermits(send)
    this.quotas = new RemoteQuotas(send, SystemClock)
    this.throttle = new RemoteThrottle({ clock: SystemClock }, (attempt) =>
      send({ kind: 'attempt', attempt }),
    )
  }

  cancelElsewhere(key: SessionKey): void {
    this.#options.send({ kind: 'cancel', key })
  }

  leasing(open: OpenPool): LeasePool {
    const { configuration } = this.#options
    const { perTenant } = configuration.upstream.pool
    const uncounted = countsAlone(configuration) ? perTenant * configuration.workers : Infinity
    return permittedPool(open, configuration, { permits: this.#permits, uncounted })
  }

  told(message: ToWorker): void {
    this.controlPlane.told(message)
    this.quotas.told(message)
    this.#permits.told(message)
    if (message.kind === 'attempt') this.throttle.told(message.attempt)
    if (message.kind === 'reload') this.reload(message.configuration)
  }
}
