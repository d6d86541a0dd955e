/** What a place puts a filter into. */
export interface Filter {
  /** The filter on the row that this alias names. */
  readonly on: (alias: string) => string
  /** The filter's column of that row. */
  readonly column: (alias: string) => string
  /** ` AND alias.tenant_id = '7'`, or nothing where the compiler has to see to it. */
  readonly and: (alias: string) => string
  /** The same as a WHERE clause. */
  readonly where: (alias: string) => string
}

/** Where in a statement a filter may stand. */
export interface Place {
  readonly title: string
  readonly text: (filter: Filter) => string
  /** The first major version of PostgreSQL that has it. */
  readonly since: number
  /** Whether a private database must give the same: where tenants share a key, it can't. */
  readonly isComparable: boolean
  /** What the session does first. */
  readonly before: readonly string[]
}

export type About = Partial<Pick<Place, 'since' | 'isComparable' | 'before'>>

export function place(title: string, text: Place['text'], about: About = {}): Place {
  return { title, text, since: 14, isComparable: true, before: [], ...about }
}

/** For tables that have one: the planner would rather read so small a table as a whole. */
export const INDEX = { before: ['SET LOCAL enable_seqscan = off', 'SET LOCAL enable_bitmapscan = off'] }
