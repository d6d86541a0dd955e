import type { UnscopedText } from '../../sql/unscoped.js'

/** What an operator's statement runs, as far as anybody has to know. */
export interface Run extends Omit<UnscopedText, 'sql'> {
  /** As the audit gets it. */
  readonly text: Buffer
}

export function runOf({ sql, ...known }: UnscopedText): Run {
  return { text: sql, ...known }
}

/** A statement that was prepared by SQL, and written down with its text then. */
export function preparedBySql(name: string): Run {
  return named('EXECUTE', name)
}

/** A portal that is a cursor, declared by SQL and written down then. */
export function declaredBySql(name: string): Run {
  return named('FETCH FROM', name)
}

function named(command: string, name: string): Run {
  const text = Buffer.from(`${command} "${name.replaceAll('"', '""')}"`)
  return { text, isUnderstood: true, mayTakeRows: false, mayChangeSchema: false, forgets: [] }
}
