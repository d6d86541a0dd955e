/** Severity as the protocol's error field `S`/`V` names it; FATAL ends the session. */
export type Severity = 'ERROR' | 'FATAL'

/** One row of the error table: what the client sees for one code. */
export interface ErrorSpec<P> {
  readonly sqlstate: string
  readonly severity: Severity
  readonly message: (params: P) => string
}

export function spec<P>(sqlstate: string, severity: Severity, message: (params: P) => string): ErrorSpec<P> {
  return { sqlstate, severity, message }
}
