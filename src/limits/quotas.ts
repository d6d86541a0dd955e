/** What is limited for all processes of a gateway together; a key is an account, or a word in brackets. */
export interface Quotas {
  /** Takes one more connection in, unless there are `limit` already; `leave` has to follow. Units: 0 is no limit. */
  enter(key: string, limit: number): Promise<boolean>
  leave(key: string): void
  /**
   * Counts one more statement. 0: it may run; else in how many ms another one may; null: that isn't known yet, `wake` follows.
   *
   * Units    `perSecond` 0 is no limit
   */
  take(account: string, perSecond: number, wake: () => void): number | null
}
