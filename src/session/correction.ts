import type { Origin } from '../upstream/expected-replies.js'

/** Marks a SET of ours in the middle of a client's transaction: what it changes is the client's to know. */
export const CORRECTION: Origin = {
  text: null,
  statement: null,
  completes: () => null,
  settled: () => {},
}
