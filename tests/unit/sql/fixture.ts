import { readdirSync, readFileSync } from 'node:fs'
import type { CompileContext } from '../../../src/sql/compiled.js'

/** A text, the context that differs from the world's, and what becomes of it. */
export interface Fixture {
  readonly title: string
  readonly given: Partial<CompileContext>
  readonly input: string
  /** The scoped text for the tenant `acme`; or the SQLSTATE, the code and, where it has one, the position of the refusal. */
  readonly expected: string | { readonly refused: string }
}

const FOLDER = new URL('../../fixtures/sql/', import.meta.url)
const GIVEN = '-- given: '
const REFUSED = '-- refused: '

/** The names of the rules that have fixtures. */
export function fixtureFiles(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
}

/** The fixtures of one rule: title, input, expected, blank line. */
export function fixtures(name: string): readonly Fixture[] {
  const text = readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8')
  return text.trimEnd().split('\n\n').map(fixture)
}

/** Every fixture that is compiled to a text. */
export function compiledFixtures(): readonly (Fixture & { readonly expected: string })[] {
  return fixtureFiles()
    .flatMap(fixtures)
    .filter((each): each is Fixture & { expected: string } => typeof each.expected === 'string')
}

/** Edits insert no newline, so input and expected text have as many lines. */
function fixture(block: string): Fixture {
  const [first = '', ...lines] = block.split('\n')
  const title = first.replace(/^-- /, '')
  const given = lines[0]?.startsWith(GIVEN) === true ? (lines.shift() ?? '').slice(GIVEN.length) : '{}'
  const about = { title, given: JSON.parse(given) as Partial<CompileContext> }
  const last = lines.at(-1) ?? ''
  if (last.startsWith(REFUSED)) {
    return {
      ...about,
      input: lines.slice(0, -1).join('\n'),
      expected: { refused: last.slice(REFUSED.length) },
    }
  }
  const half = lines.length / 2
  if (!Number.isInteger(half)) throw new Error(`"${title}": input and expected text differ in their lines`)
  return { ...about, input: lines.slice(0, half).join('\n'), expected: lines.slice(half).join('\n') }
}
