import { availableServers, type Server } from '../servers.js'

/** Whether this is the long run, `npm run test:full`. */
export const FULL = process.env.TENANTGATE_TEST_FULL === '1'

/** The servers to test against: all of this machine in the long run, else the first. */
export function worldServers(): readonly Server[] {
  return FULL ? availableServers() : availableServers().slice(0, 1)
}
