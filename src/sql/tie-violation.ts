const INVALID_TEXT = '22P02'
const MARKED = /tg_parent (\[(?:"(?:[^"\\]|\\.)*",?)+\]) ([tf]) (.*) tg_parent/s

/**
 * The fields of the error that PostgreSQL has for a row without a parent, in place of the one that the scoped text raised; null for
 * any other error.
 *
 * The text can only fail by what every server has, a word that is no boolean: its message carries the names of the foreign key and
 * the value. Whoever makes up such a message deceives nobody but himself.
 *
 * Source   PostgreSQL src/backend/utils/adt/ri_triggers.c, ri_ReportViolation; executor/execMain.c, ExecConstraints
 */
export function tieViolation(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  if (fields.get('C') !== INVALID_TEXT) return null
  const [, names = '[]', isNull, key = ''] = MARKED.exec(fields.get('M') ?? '') ?? []
  if (isNull === undefined) return null
  const [schema = '', relation = '', column = '', ...reference] = namesOf(names)
  const severity = [...fields].filter(([code]) => code === 'S' || code === 'V')
  const about = isNull === 't' ? missing(relation, column) : foreign(relation, column, { reference, key })
  return new Map([...severity, ...about, ['s', schema], ['t', relation]])
}

function namesOf(text: string): readonly string[] {
  try {
    return JSON.parse(text) as readonly string[]
  } catch {
    return []
  }
}

type Fields = readonly (readonly [string, string])[]

function foreign(
  relation: string,
  column: string,
  { reference, key }: { readonly reference: readonly string[]; readonly key: string },
): Fields {
  const [parent = '', constraint = '', deferred = ''] = reference
  const hint =
    'Through the gateway the parent has to be there before the row, though the constraint is deferred.'
  return [
    ['C', '23503'],
    ['M', `insert or update on table "${relation}" violates foreign key constraint "${constraint}"`],
    ['D', `Key (${column})=(${key}) is not present in table "${parent}".`],
    ...(deferred === '' ? [] : [['H', hint] as const]),
    ['n', constraint],
  ]
}

/** Without a parent a row would belong to no tenant. */
function missing(relation: string, column: string): Fields {
  return [
    ['C', '23502'],
    ['M', `null value in column "${column}" of relation "${relation}" violates not-null constraint`],
    ['H', "A row is its parent's tenant's: without a parent it would be nobody's."],
    ['c', column],
  ]
}
