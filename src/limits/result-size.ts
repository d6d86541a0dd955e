/** What one result may be at most; 0: no limit. */
export interface ResultLimits {
  readonly resultRows: number
  readonly resultBytes: number
}

/** How large the result is that is being relayed. */
export class ResultSize {
  #rows = 0
  #bytes = 0

  /** Another statement's result begins; `uncounted` of its rows are none. */
  reset(uncounted = 0): void {
    this.#rows = -uncounted
    this.#bytes = 0
  }

  /** Adds a row; gives the limit that it goes beyond, in words, or null. Units: bytes of the whole message. */
  add(bytes: number, { resultRows, resultBytes }: ResultLimits): string | null {
    this.#rows += 1
    this.#bytes += bytes
    if (resultRows > 0 && this.#rows > resultRows) return `${resultRows} rows`
    if (resultBytes > 0 && this.#bytes > resultBytes) return `${resultBytes} bytes`
    return null
  }
}
