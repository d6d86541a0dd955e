import { createRequire } from 'node:module'
import type { ParseResult } from '@pgsql/types'

type Library = typeof import('libpg-query')

/** What PostgreSQL's grammar says against a text. */
export class GrammarError extends Error {
  /** 1-based, in characters (code points). */
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.name = 'GrammarError'
    this.position = position
  }
}

/** The text was too deep for the parser; its instance is gone. */
export class ParserTrap extends Error {}

const require = createRequire(import.meta.url)

/** Requiring the module anew makes a new WASM instance. */
async function instantiate(): Promise<Library> {
  const path = require.resolve('libpg-query')
  delete require.cache[path]
  const library = require(path) as Library
  await library.loadModule()
  return library
}

/** As many traps in a row as a pipeline may cause before the next instance is there. */
const SPARES = 3

let current: Library | null = null
const spares: Library[] = []

/** Loads the parser and its spares; to be awaited once before `parseText`. */
export async function loadParser(): Promise<void> {
  await loadOneParser()
  while (spares.length < SPARES) spares.push(await instantiate())
}

/** The same without spares, for a thread that another one takes the place of. */
export async function loadOneParser(): Promise<void> {
  current ??= await instantiate()
}

/** Whether the parser had not enough of something, and the text may be right. */
export function isExhausted(error: unknown): boolean {
  if (error instanceof ParserTrap) return true
  return error instanceof GrammarError && /^(memory exhausted|out of memory)/.test(error.message)
}

/**
 * PostgreSQL's own raw parse tree of a text.
 *
 * After a stack overflow a WASM instance can't be trusted (and dies for good after some 26 of them),
 * so whatever isn't a syntax error costs the instance: a spare takes over, and another is loaded.
 *
 * Throws   GrammarError on a syntax error, ParserTrap where the parser gave up
 */
export function parseText(text: string): ParseResult {
  if (text.length === 0) return { version: 0, stmts: [] }
  if (current === null) throw new ParserTrap('no parser instance is loaded')
  try {
    return current.parseSync(text)
  } catch (error) {
    const details =
      error instanceof Error && 'sqlDetails' in error
        ? (error as { sqlDetails?: { cursorPosition: number } }).sqlDetails
        : undefined
    if (error instanceof Error && details !== undefined)
      throw new GrammarError(error.message, details.cursorPosition + 1)
    current = spares.pop() ?? null
    void refill()
    throw new ParserTrap('the parser ran out of stack', { cause: error })
  }
}

async function refill(): Promise<void> {
  const fresh = await instantiate()
  if (current === null) current = fresh
  else if (spares.length < SPARES) spares.push(fresh)
}
