/** One step of the control schema; a released one never changes, the next one comes behind it. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** SQL without transaction control; `schema` is quoted already. */
  sql(context: MigrationContext): string
}

export interface MigrationContext {
  /** The control schema as a quoted identifier. */
  readonly schema: string
  /** The NOTIFY channel as a string constant. */
  readonly catalogChannel: string
}
