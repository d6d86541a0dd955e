/** The programs of one PostgreSQL installation that a cluster needs. */
export interface Binaries {
  readonly source: 'embedded' | 'system'
  readonly major: number
  readonly initdb: string
  readonly postgres: string
}
