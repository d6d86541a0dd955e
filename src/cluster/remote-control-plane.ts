import { SchemaAssembly } from '../compiling/schema-transfer.js'
import { Cell } from '../core/current.js'
import { invariant } from '../core/invariant.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { TenantCatalog } from '../tenants/catalog.js'
import type { ControlPlane } from '../upstream/control-plane.js'
import type { ToPrimary, ToWorker } from './messages.js'

/** A worker's control plane: the primary process reads the database, and says what it read. */
export class RemoteControlPlane implements Pick<ControlPlane, 'catalog' | 'snapshot' | 'schemaChanged'> {
  readonly catalog: Cell<TenantCatalog>
  readonly #send: (message: ToPrimary) => void
  readonly #assembly = new SchemaAssembly()
  #snapshot: Cell<Snapshot> | null = null

  constructor(catalog: TenantCatalog, send: (message: ToPrimary) => void) {
    this.catalog = new Cell(catalog)
    this.#send = send
  }

  get snapshot(): Cell<Snapshot> {
    invariant(this.#snapshot !== null, 'the schema comes before the first client')
    return this.#snapshot
  }

  told(message: ToWorker): void {
    if (message.kind === 'catalog') this.catalog.replace(message.catalog)
    if (message.kind === 'schema') this.#assembly.take(message.part)
    if (message.kind === 'schema-complete') this.#complete(this.#assembly.value.snapshot)
  }

  schemaChanged(): void {
    this.#send({ kind: 'schema-changed' })
  }

  #complete(snapshot: Snapshot): void {
    if (this.#snapshot === null) this.#snapshot = new Cell(snapshot)
    else this.#snapshot.replace(snapshot)
  }
}
