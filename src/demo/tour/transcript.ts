/** A result as a driver gives it, as far as the transcript shows it. */
export interface ShownResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly fields: readonly { readonly name: string }[]
}

const MAX_ROWS = 8
const MAX_WIDTH = 48

/** Prints the tour, and counts what wasn't as it should be. */
export class Transcript {
  readonly #print: (line: string) => void
  #steps = 0
  #failures = 0

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  get failures(): number {
    return this.#failures
  }

  step(title: string): void {
    this.#steps += 1
    this.#print(`\n${this.#steps}. ${title}`)
  }

  note(text: string): void {
    this.#print(`   ${text}`)
  }

  /** A statement as somebody types it. */
  statement(who: string, sql: string): void {
    const [first = '', ...rest] = sql.trim().split('\n')
    this.#print(`\n   ${who}=> ${first}`)
    for (const line of rest) this.#print(`   ${' '.repeat(who.length + 3)}${line}`)
  }

  text(text: string): void {
    for (const line of text.split('\n')) this.#print(`      ${line}`)
  }

  result({ rows, fields }: ShownResult): void {
    const names = fields.map(({ name }) => name)
    const shown = rows.slice(0, MAX_ROWS).map((row) => names.map((name) => cell(row[name])))
    const widths = names.map((name, column) =>
      Math.max(name.length, ...shown.map((cells) => cells[column]?.length ?? 0)),
    )
    const line = (cells: readonly string[]) =>
      cells
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    this.text(line(names))
    for (const cells of shown) this.text(line(cells))
    if (rows.length > MAX_ROWS) this.text(`… ${rows.length} rows`)
    if (rows.length === 0) this.text('(0 rows)')
  }

  /** Says whether a claim about what was just shown holds. */
  check(claim: string, holds: boolean): void {
    if (!holds) this.#failures += 1
    this.#print(`   ${holds ? '✓' : '✗ NOT SO:'} ${claim}`)
  }
}

function cell(value: unknown): string {
  const text = plain(value)
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
