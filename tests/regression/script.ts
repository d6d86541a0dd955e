import { lexeme } from './lexeme.js'

/** One statement of a psql script as psql would send it, and what its output is for. */
export interface ScriptItem {
  readonly text: string
  /** 1-based, of the statement's first line. */
  readonly line: number
  /** `;`, or the command that sent it: `g`, `gset`, `gexec`, … with what stands behind it. */
  readonly sentBy: string
  readonly argument: string
}

/** What may stand between two statements: space and comments. */
const BETWEEN = /^(?:\s+|--.*|\/\*[\s\S]*)$/

/** Commands that send what has been collected. */
const SENDING = new Set(['g', 'gx', 'gset', 'gexec', 'gdesc', 'crosstabview', 'watch'])

/**
 * Reads a psql script as psql does: statements, variables, conditions, and the data behind COPY … FROM STDIN.
 *
 * Only what the regression files need of the commands has an effect here; the rest is passed over.
 *
 * Source   PostgreSQL src/fe_utils/psqlscan.l, src/bin/psql/mainloop.c
 */
export class Script {
  readonly variables: Map<string, string>
  readonly #text: string
  #at = 0
  /** Whether the branches of \if around are taken; `done` once one of them was. */
  readonly #branches: { taken: boolean; done: boolean }[] = []

  constructor(text: string, variables: ReadonlyMap<string, string>) {
    this.#text = text
    this.variables = new Map(variables)
  }

  /** The text from where the next statement is looked for. */
  get rest(): string {
    return this.#text.slice(this.#at)
  }

  /** Null at the end. */
  next(): ScriptItem | null {
    const collected = new Collected()
    while (this.#at < this.#text.length) {
      const item = this.#step(collected)
      if (item !== null && this.#isTaken() && item.text !== '') return item
      if (item !== null) collected.clear()
    }
    return null
  }

  /** The lines up to `\.`, which stand behind a COPY that was begun. */
  copyData(): Buffer {
    const start = this.#text.indexOf('\n', this.#at) + 1
    const end = /^\\\.$/m.exec(this.#text.slice(start))
    const stop = end === null ? this.#text.length : start + end.index
    this.#at = end === null ? stop : stop + 2
    return Buffer.from(this.#text.slice(start, stop))
  }

  #isTaken(): boolean {
    return this.#branches.every(({ taken }) => taken)
  }

  #step(collected: Collected): ScriptItem | null {
    const at = this.#at
    const piece = lexeme(this.#text, at)
    this.#at += piece.length
    if (piece === ';' && !collected.isNested) return this.#item(collected, { sentBy: ';', argument: '' })
    if (piece.startsWith('\\')) return this.#command(piece, collected)
    const value = this.#interpolated(piece)
    if (collected.isEmpty && BETWEEN.test(value)) return null
    collected.add(value, at)
    return null
  }

  #item(collected: Collected, sent: Pick<ScriptItem, 'sentBy' | 'argument'>): ScriptItem {
    const line = this.#text.slice(0, collected.start).split('\n').length
    return { text: collected.text.trim(), line, ...sent }
  }

  #interpolated(piece: string): string {
    const match = /^:(?:'(\w+)'|"(\w+)"|(\w+))$/.exec(piece)
    if (match === null) return piece
    const value = this.variables.get(match[1] ?? match[2] ?? match[3] ?? '')
    if (value === undefined) return piece
    if (match[1] !== undefined) return `'${value.replaceAll("'", "''")}'`
    return match[2] === undefined ? value : `"${value.replaceAll('"', '""')}"`
  }

  /** A command goes to the end of its line. */
  #command(piece: string, collected: Collected): ScriptItem | null {
    if (piece === '\\;') {
      collected.add(';', this.#at)
      return null
    }
    const end = this.#text.indexOf('\n', this.#at)
    const stop = end < 0 ? this.#text.length : end
    const argument = this.#text.slice(this.#at, stop).trim()
    this.#at = stop
    const name = piece.slice(1)
    if (SENDING.has(name)) return this.#item(collected, { sentBy: name, argument })
    if (name === 'r' || name === 'reset') collected.clear()
    else if (!this.#condition(name, argument) && this.#isTaken()) this.#perform(name, argument)
    return null
  }

  #condition(name: string, argument: string): boolean {
    const last = this.#branches.at(-1)
    if (name === 'if') {
      const taken = this.#isTrue(argument)
      this.#branches.push({ taken, done: taken })
    } else if (name === 'endif') this.#branches.pop()
    else if ((name === 'else' || name === 'elif') && last !== undefined) {
      last.taken = !last.done && (name === 'else' || this.#isTrue(argument))
      last.done ||= last.taken
    } else return false
    return true
  }

  #isTrue(argument: string): boolean {
    const defined = /^:\{\?(\w+)\}$/.exec(argument)
    if (defined !== null) return this.variables.has(defined[1] ?? '')
    return /^(t|true|on|1|y|yes)$/i.test(this.#words(argument).join(''))
  }

  #perform(name: string, argument: string): void {
    const [variable = '', ...values] = this.#words(argument)
    if (name === 'set') this.variables.set(variable, values.join(''))
    else if (name === 'unset') this.variables.delete(variable)
    else if (name === 'getenv') this.variables.set(variable, this.variables.get(values[0] ?? '') ?? '')
    else if (name === 'q' || name === 'quit') this.#at = this.#text.length
  }

  #words(argument: string): readonly string[] {
    return [...argument.matchAll(/'((?:[^']|'')*)'|(\S+)/g)].map(([, quoted, bare]) =>
      quoted === undefined ? this.#interpolated(bare ?? '') : quoted.replaceAll("''", "'"),
    )
  }
}

const OPENING = /^create$/i

/** A statement under way. */
class Collected {
  text = ''
  start = 0
  #brackets = 0
  /** `BEGIN ATOMIC … END` of CREATE FUNCTION holds semicolons. */
  #blocks = 0
  #previous = ''

  get isEmpty(): boolean {
    return this.text === ''
  }

  get isNested(): boolean {
    return this.#brackets > 0 || this.#blocks > 0
  }

  clear(): void {
    this.text = ''
    this.#brackets = 0
    this.#blocks = 0
    this.#previous = ''
  }

  add(piece: string, at: number): void {
    if (this.isEmpty) this.start = at
    this.text += piece
    if (piece === '(') this.#brackets += 1
    else if (piece === ')') this.#brackets = Math.max(0, this.#brackets - 1)
    else if (/^\w/.test(piece)) this.#word(piece.toLowerCase())
  }

  #word(word: string): void {
    const isCreate = OPENING.test(/^\w+/.exec(this.text.trim())?.[0] ?? '')
    if (!isCreate) return
    if (word === 'atomic' && this.#previous === 'begin') this.#blocks += 1
    else if (word === 'case' && this.#blocks > 0) this.#blocks += 1
    else if (word === 'end' && this.#blocks > 0) this.#blocks -= 1
    this.#previous = word
  }
}
