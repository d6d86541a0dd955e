import type { Stage } from './stage.js'

/** What `tenancy.sql` defines, as calls by the owner. */
export const tenancy = {
  /** Every relation that has the tenant column; both databases have the same. */
  async tables(stage: Stage): Promise<ReadonlySet<string>> {
    const { results } = await stage.inTwin('SELECT name FROM tenancy.declared')
    return new Set((results[0]?.rows ?? []).flatMap(([name]) => name ?? []))
  },
  /** Gives new tables the tenant column. */
  async adopt(stage: Stage): Promise<void> {
    await stage.asOwner('SELECT tenancy.adopt()')
  },
  /** Declares that code of the schema's own works on these tables. */
  async open(stage: Stage, names: readonly string[]): Promise<void> {
    if (names.length > 0) await stage.asOwner(`SELECT tenancy.open(${literal(names)})`)
  },
  /** Renews another tenant's copy of these tables' rows; of all without names. */
  async plant(stage: Stage, names?: readonly string[]): Promise<void> {
    if (names?.length !== 0) await stage.inShared(`SELECT tenancy.plant(${literal(names)})`)
  },
  /** Takes another tenant's rows away; from all tables without names. */
  async unplant(stage: Stage, names?: readonly string[]): Promise<void> {
    if (names?.length !== 0) await stage.inShared(`SELECT tenancy.unplant(${literal(names)})`)
  },
}

function literal(names: readonly string[] | undefined): string {
  if (names === undefined) return 'NULL'
  return `ARRAY[${[...new Set(names)].map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')}]::text[]`
}
