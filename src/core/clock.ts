/** Where time comes from; tests bring their own. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  now(): number
  /** Never goes back, ms. */
  monotonicMs(): number
}

export const SystemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
