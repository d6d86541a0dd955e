import { loadModule, parseSync } from 'libpg-query'

const FIXED_TYPES = new Set(
  'internal cstring trigger event_trigger language_handler fdw_handler index_am_handler tsm_handler table_am_handler'.split(
    ' ',
  ),
)
const TYPE_FUNCTIONS = new Set('input output receive send typmod_in typmod_out analyze subscript'.split(' '))

const last = (names) => names?.at(-1)?.String?.sval ?? ''
const typeText = (type) =>
  `${type.setof ? 'SETOF ' : ''}${last(type.names)}${(type.arrayBounds ?? []).map(() => '[]').join('')}`

function option(statement, name) {
  return (statement.options ?? []).find(({ DefElem }) => DefElem.defname === name)?.DefElem.arg
}

function functionOf(statement) {
  const given = (statement.parameters ?? [])
    .map(({ FunctionParameter }) => FunctionParameter)
    .filter(({ mode }) => !['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE'].includes(mode))
    .map(({ argType }) => typeText(argType))
  const returned = statement.returnType === undefined ? '' : typeText(statement.returnType)
  return {
    name: last(statement.funcname),
    language: option(statement, 'language')?.String.sval ?? 'sql',
    leakproof: option(statement, 'leakproof')?.Boolean?.boolval === true,
    volatile: (option(statement, 'volatility')?.String.sval ?? 'volatile') === 'volatile',
    definer: option(statement, 'security')?.Boolean?.boolval === true,
    cost: Number(option(statement, 'cost')?.Integer?.ival ?? 1),
    arguments: given.join(', '),
    internal: [...given, returned].some((type) => FIXED_TYPES.has(type)),
  }
}

function aggregateOf(statement) {
  const given = (statement.args?.[0]?.List?.items ?? []).map(({ FunctionParameter }) =>
    typeText(FunctionParameter.argType),
  )
  const about = {
    language: 'internal',
    leakproof: false,
    volatile: false,
    definer: false,
    cost: 1,
    internal: false,
  }
  return { name: last(statement.defnames), arguments: given.join(', '), ...about }
}

/**
 * The functions that an extension's script makes, in the form in which a live server's are found.
 *
 * For extensions that aren't at hand in a server; what a DO block makes isn't seen.
 */
export async function scriptFunctions(script) {
  await loadModule()
  const text = script.replace(/^\\.*$/gm, '')
  const statements = parseSync(text).stmts.map(({ stmt }) => stmt)
  const inputs = new Set(
    statements
      .filter(({ DefineStmt }) => DefineStmt?.kind === 'OBJECT_TYPE')
      .flatMap(({ DefineStmt }) => DefineStmt.definition ?? [])
      .filter(({ DefElem }) => TYPE_FUNCTIONS.has(DefElem.defname))
      .map(({ DefElem }) => last(DefElem.arg?.TypeName?.names)),
  )
  return statements.flatMap(({ CreateFunctionStmt, DefineStmt }) => {
    if (DefineStmt?.kind === 'OBJECT_AGGREGATE') return [aggregateOf(DefineStmt)]
    if (CreateFunctionStmt === undefined || CreateFunctionStmt.is_procedure) return []
    const found = functionOf(CreateFunctionStmt)
    return [{ ...found, internal: found.internal || inputs.has(found.name) }]
  })
}
