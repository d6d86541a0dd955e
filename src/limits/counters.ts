import type { Borrow } from './borrowed-tokens.js'
import type { Permits } from './permits.js'
import type { SharedOccupancy } from './shared-occupancy.js'

/** What is counted for all processes of a machine, with other machines where there are any. */
export interface Counters {
  readonly connections: SharedOccupancy
  /** To have one more statement run. */
  readonly permits: Permits
  /** Statements in a second. */
  readonly borrow: Borrow
}
