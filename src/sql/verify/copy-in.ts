import { relationKey } from '../../schema/relation.js'
import type { CopyIn } from '../compiled.js'
import { accessIn, type ProofContext } from './relations.js'
import { isTree, list, names, node, type Tree } from './shapes.js'
import { unproven } from './tenant-value.js'

/** COPY … FROM STDIN: the tenant column is listed once, and the rows will be stamped or compared at its place. */
export function proveCopyIn(struct: Tree, context: ProofContext): void {
  if (struct.relation === undefined && struct.is_from !== true) return
  const relation = isTree(struct.relation) ? struct.relation : {}
  const access = accessIn(context, relation)
  const { copyIn } = context
  const isStdin = struct.is_from === true && struct.filename === undefined && struct.is_program !== true
  if (!isStdin || access?.kind !== 'tenant' || copyIn === undefined || copyIn.column !== access.column)
    throw unproven(relation)
  if (!isListed(names(struct.attlist) ?? [], copyIn) || !isWritten(struct.options, copyIn))
    throw unproven(relation)
}

function isListed(columns: readonly string[], copyIn: CopyIn): boolean {
  const places = columns.flatMap((name, index) => (name === copyIn.column ? [index] : []))
  const isInPlace = places.length === 1 && places[0] === copyIn.index && columns.length === copyIn.fields
  const isLast = copyIn.index === columns.length - 1
  return isInPlace && (copyIn.tenant === 'check' || (copyIn.tenant === 'append' && isLast))
}

const PASSING = new Set([
  'encoding',
  'force_not_null',
  'force_null',
  'header',
  'log_verbosity',
  'on_error',
  'reject_limit',
])

/** Whether rows will be read as the options have the server read them. */
function isWritten(options: unknown, copyIn: CopyIn): boolean {
  const given = new Map(list(options).map((item) => optionOf(item)))
  if (given.size !== list(options).length) return false
  const format = given.get('format') ?? 'text'
  const expected = new Map<string, unknown>([
    ['format', copyIn.format],
    ['delimiter', copyIn.delimiter],
    ['quote', copyIn.quote],
    ['escape', copyIn.escape],
    ['null', copyIn.nullText],
    ['default', copyIn.defaultText],
  ])
  const quote = given.get('quote') ?? '"'
  const defaults = new Map<string, unknown>([
    ['format', 'text'],
    ['delimiter', format === 'csv' ? ',' : '\t'],
    ['quote', '"'],
    ['escape', quote],
    ['null', format === 'csv' ? '' : '\\N'],
    ['default', null],
  ])
  const isKnown = [...given.keys()].every((name) => expected.has(name) || PASSING.has(name))
  const isSame = [...expected].every(([name, value]) => (given.get(name) ?? defaults.get(name)) === value)
  return isKnown && isSame && hasHeader(list(options)) === copyIn.header && isUtf8(given.get('encoding'))
}

/** The name and the text of an option; null for any value that isn't a text. */
function optionOf(item: unknown): readonly [string, string | null] {
  const option = node(item, 'DefElem') ?? {}
  const value = node(option.arg, 'String')
  return [String(option.defname), value === null ? null : String(value.sval ?? '')]
}

function hasHeader(options: readonly unknown[]): boolean {
  const option = options.map((item) => node(item, 'DefElem')).find((each) => each?.defname === 'header')
  if (option === undefined || option === null) return false
  if (option.arg === undefined) return true
  const word = node(option.arg, 'String')?.sval
  if (typeof word === 'string') return !/^(false|off)$/i.test(word)
  return node(option.arg, 'Boolean')?.boolval === true || node(option.arg, 'Integer')?.ival === 1
}

function isUtf8(encoding: string | null | undefined): boolean {
  return encoding === undefined || (encoding !== null && /^utf-?8$/i.test(encoding))
}

/** The statement without the column that was appended, or without the list that the snapshot gave. */
export function withoutListedTenant(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const columns = names(scoped.attlist) ?? []
  if (original.attlist !== undefined) {
    const isAppended = columns.length === list(original.attlist).length + 1
    const isOurs =
      isAppended && columns.at(-1) === context.copyIn?.column && context.copyIn?.tenant === 'append'
    return isOurs ? { ...scoped, attlist: list(scoped.attlist).slice(0, -1) } : scoped
  }
  const relation = isTree(scoped.relation) ? scoped.relation : {}
  const known = context.snapshot.relations.get(
    relationKey(String(relation.schemaname), String(relation.relname)),
  )
  const written = (known?.columns ?? []).filter((column) => !column.generated).map((column) => column.name)
  const { attlist: _listed, ...rest } = scoped
  return columns.join('\0') === written.join('\0') ? rest : scoped
}
