/** What several machines count together, each its own part of it; a key is a kind, a colon and whose it is. */
export interface SharedCounts {
  /**
   * Makes this machine's part `own`, unless that and the others' parts are more than `limit`.
   *
   * Never rejects: a machine that can't reach the others counts for itself.
   */
  claim(key: string, own: number, limit: number): Promise<boolean>
  /** Makes it `own`, which is less than it was. */
  lower(key: string, own: number): void
  /** How many other machines have or want a part of it, as of the latest answer. */
  others(key: string): number
}
