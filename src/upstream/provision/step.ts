/** A part of what `tenantgate init` does to the database, as SQL that may run again. */
export interface Step {
  readonly title: string
  readonly sql: string
}
