import type { GatewayError } from '../core/errors.js'

/** A refusal as psql shows it: sentence, the line with a caret, detail and hint. */
export function formatRefusal(error: GatewayError, sql: string): string {
  return [
    `ERROR:  ${error.sqlstate}: ${error.message}`,
    ...caret(sql, error.position),
    ...(error.detail === undefined ? [] : [`DETAIL:  ${error.detail}`]),
    ...(error.hint === undefined ? [] : [`HINT:  ${error.hint}`]),
  ].join('\n')
}

/** Positions are 1-based characters (code points). */
function caret(sql: string, position: number | undefined): readonly string[] {
  if (position === undefined) return []
  const before = [...sql].slice(0, position - 1).join('')
  const number = before.split('\n').length
  const line = sql.split('\n')[number - 1] ?? ''
  const column = [...before.slice(before.lastIndexOf('\n') + 1)]
  const label = `LINE ${number}: `
  const indent = column.map((character) => (character === '\t' ? '\t' : ' ')).join('')
  return [`${label}${line}`, `${' '.repeat(label.length)}${indent}^`]
}
