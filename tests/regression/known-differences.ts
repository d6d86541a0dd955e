/** Statements of PostgreSQL 15's files, by line, that are answered otherwise through the gateway, and why. */
interface KnownDifference {
  readonly reason: string
  readonly lines: Readonly<Record<string, readonly number[]>>
}

const KNOWN: readonly KnownDifference[] = [
  {
    reason:
      'a pinned UPDATE reads a column: as with any WHERE, row security of the schema’s own demands that the new row can be selected',
    lines: { rowsecurity: [2030, 2034, 2036, 2039, 2044, 2047] },
  },
  {
    reason: 'a rule runs its action for each row of the condition, which the pin is a part of',
    lines: { rules: [1001, 1004], with: [1273, 1278, 1395, 1405, 1408, 1413] },
  },
  {
    reason:
      'the gateway stamps an INSERT into a view; by hand the tenant is missing, as the view has no default',
    lines: { alter_table: [960, 962, 964, 965], rules: [1390, 1394] },
  },
  {
    reason: 'functions of the schema’s own read and write rows that no gateway confines to a tenant',
    lines: { create_function_sql: [240], truncate: [276, 281, 286, 289] },
  },
  {
    reason:
      'a prepared statement keeps the relations it was prepared for when the search path changes (ADR 0013)',
    lines: { plancache: [118, 122] },
  },
  {
    reason: 'in which order an aggregate takes rows isn’t defined without ORDER BY',
    lines: { polymorphism: [532, 537, 538, 539, 540, 544, 545, 551] },
  },
  {
    reason: 'a target that is its own source is ambiguous (42P09) before it is named twice (42712)',
    lines: { merge: [87] },
  },
  {
    reason: 'an OID that the script keeps is one database’s',
    lines: { reloptions: [86, 89, 92] },
  },
]

/** The reason of a difference that is known; undefined for any other. */
export function knownDifference(file: string, line: number): string | undefined {
  return KNOWN.find(({ lines }) => lines[file]?.includes(line))?.reason
}
