/** An expression that fails on some values of a column: on another tenant's row its error shows that row, or that it is there. */
export interface Construct {
  readonly title: string
  /** The column's type, as SQL. */
  readonly type: string
  /** A value that it doesn't fail on: tenant 7's, as SQL. */
  readonly own: string
  /** One that it fails on: every other tenant's. */
  readonly other: string
  /** The filter, with `$` for the column. */
  readonly filter: string
  /** The first major version of PostgreSQL that has it. */
  readonly since: number
}

/** Title, type, own value, other's value, filter, first version. */
export type Row = readonly [string, string, string, string, string, number?]

export function construct([title, type, own, other, filter, since = 14]: Row): Construct {
  return { title, type, own, other, filter, since }
}
