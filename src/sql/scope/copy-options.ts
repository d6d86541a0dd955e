import type { CopyStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { type Struct, untag } from '../ast/walk.js'
import type { CopyIn } from '../compiled.js'
import { unsupported } from '../refusals.js'

/** The options of COPY that say how rows are written. */
export type CopyOptions = Pick<
  CopyIn,
  'format' | 'delimiter' | 'quote' | 'escape' | 'nullText' | 'defaultText' | 'header'
>

/** Options that change what becomes of a value, not where it stands. */
const PASSING: ReadonlySet<string> = new Set([
  'force_not_null',
  'force_null',
  'log_verbosity',
  'on_error',
  'reject_limit',
])
const FORMATS = { text: 'text', csv: 'csv', binary: 'binary' } as const

/**
 * Reads the options as the server does, and only those forms of them that leave nothing open.
 *
 * Throws   UNSUPPORTED_CONSTRUCT, SYNTAX_ERROR
 */
export function copyOptions(statement: CopyStmt): CopyOptions {
  const given = givenOptions(statement)
  const format = formatOf(text(given, 'format') ?? 'text')
  const isCsv = format === 'csv'
  const quote = character(given, 'quote', { fallback: '"', format })
  return {
    format,
    delimiter: character(given, 'delimiter', { fallback: isCsv ? ',' : '\t', format }),
    quote,
    escape: character(given, 'escape', { fallback: quote, format }),
    nullText: text(given, 'null') ?? (isCsv ? '' : '\\N'),
    defaultText: text(given, 'default'),
    header: headerOf(given),
  }
}

type Given = ReadonlyMap<string, Struct>

const READ: ReadonlySet<string> = new Set([
  'default',
  'delimiter',
  'encoding',
  'escape',
  'format',
  'header',
  'null',
  'quote',
])

function givenOptions({ options }: CopyStmt): Given {
  const given = new Map<string, Struct>()
  for (const node of options ?? []) {
    const option = untag(node)?.struct ?? {}
    const name = String(option.defname)
    if (given.has(name))
      throw new GatewayError('SYNTAX_ERROR', { message: 'conflicting or redundant options' })
    if (!READ.has(name) && !PASSING.has(name)) throw refusedOption(name)
    given.set(name, option)
  }
  const encoding = text(given, 'encoding')
  if (encoding !== null && !/^utf-?8$/i.test(encoding)) throw refusedOption(`encoding '${encoding}'`)
  return given
}

function refusedOption(option: string): GatewayError {
  return unsupported('copyOption', { about: { option } })
}

function formatOf(name: string): CopyIn['format'] {
  const format = new Map(Object.entries(FORMATS)).get(name)
  if (format === undefined) throw refusedOption(`format ${name}`)
  return format
}

/** Null where the option isn't given. */
function text(given: Given, name: string): string | null {
  const option = given.get(name)
  if (option === undefined) return null
  const value = untag(option.arg ?? {})
  if (value?.kind !== 'String') throw refusedOption(name)
  return String(value.struct.sval ?? '')
}

/** Bytes that end lines, the data, or belong to escapes of the format can't be told from those. */
function character(
  given: Given,
  name: 'delimiter' | 'quote' | 'escape',
  { fallback, format }: { readonly fallback: string; readonly format: CopyIn['format'] },
): string {
  const value = text(given, name) ?? fallback
  const isEscape = name === 'escape'
  const isPlain =
    value.length === 1 && value < '\x80' && !/[\r\n.]/.test(value) && (isEscape || value !== '\\')
  if (!isPlain || (format === 'text' && /[a-z0-9]/.test(value))) throw refusedOption(`${name} '${value}'`)
  return value
}

const TRUE = new Set(['true', 'on', 'match'])
const FALSE = new Set(['false', 'off'])

function headerOf(given: Given): boolean {
  const option = given.get('header')
  if (option === undefined) return false
  if (option.arg === undefined) return true
  const value = untag(option.arg)
  if (value?.kind === 'Boolean') return value.struct.boolval === true
  const word =
    value?.kind === 'String' ? String(value.struct.sval).toLowerCase() : String(value?.struct.ival ?? 0)
  if (TRUE.has(word) || word === '1') return true
  if (FALSE.has(word) || word === '0') return false
  throw refusedOption(`header ${word}`)
}
