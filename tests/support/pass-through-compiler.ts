import type {
  CompileContext,
  CompiledStatement,
  CompiledText,
  Compiler,
  Effect,
  VerifiedSql,
} from '../../src/sql/compiled.js'
import { namesMoment } from '../../src/sql/moment.js'

const TRANSACTION: readonly (readonly [RegExp, Effect])[] = [
  [/^begin\b/i, { kind: 'begin' }],
  [/^(commit|end)\b/i, { kind: 'commit' }],
  [/^(rollback|abort)$/i, { kind: 'rollback' }],
  [/^reset all$/i, { kind: 'reset-all' }],
]

/**
 * Forwards every text as it is: for tests of everything but the compiler.
 *
 * Statements are split at semicolons, whatever stands around them; `override` makes what a test needs.
 */
export function passThroughCompiler(
  override: (text: string, context: CompileContext) => Partial<CompiledText> = () => ({}),
): Compiler {
  const plans = new Map<string, CompiledText>()
  return {
    compile(bytes, context) {
      const text = bytes.toString('utf8')
      const key = `${context.protocol}${context.parameterTypes.join()}:${context.searchPath.join()}:${text}`
      const known = plans.get(key)
      if (known !== undefined) {
        known.uses += 1
        return known
      }
      const sql = Buffer.from(bytes) as VerifiedSql
      const plan: CompiledText = {
        statements: statementsOf(text),
        checks: [],
        bind: () => sql,
        originalPosition: (_, position) => position,
        namesMoment: namesMoment(bytes),
        uses: 0,
        ...override(text, context),
      }
      plans.set(key, plan)
      return plan
    },
  }
}

function statementsOf(text: string): readonly CompiledStatement[] {
  return text
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => ({
      command: (statement.split(/\s/)[0] ?? '').toUpperCase(),
      effects: effectsOf(statement),
      tag: null,
      pin: null,
    }))
}

function effectsOf(statement: string): readonly Effect[] {
  for (const [pattern, effect] of TRANSACTION) if (pattern.test(statement)) return [effect]
  return setEffect(statement) ?? resetEffect(statement) ?? savepointEffect(statement) ?? []
}

function setEffect(statement: string): readonly Effect[] | undefined {
  const [match, scope = '', name = '', value = ''] =
    /^set\s+(local\s+|session\s+)?(\w+)\s*(?:to|=)\s*(.+)$/is.exec(statement) ?? []
  if (match === undefined) return undefined
  const given = /^default$/i.test(value) ? null : value.replace(/^'(.*)'$/s, '$1')
  return [{ kind: 'set', name: name.toLowerCase(), value: given, local: /^local/i.test(scope) }]
}

function resetEffect(statement: string): readonly Effect[] | undefined {
  const [, name] = /^reset\s+(\w+)$/i.exec(statement) ?? []
  return name === undefined
    ? undefined
    : [{ kind: 'set', name: name.toLowerCase(), value: null, local: false }]
}

function savepointEffect(statement: string): readonly Effect[] | undefined {
  const [, command, name] =
    /^(savepoint|release|rollback to)\s+(?:savepoint\s+)?(\w+)$/i.exec(statement) ?? []
  if (command === undefined || name === undefined) return undefined
  const kind = command.toLowerCase().replace(' ', '-') as 'savepoint' | 'release' | 'rollback-to'
  return [{ kind, name }]
}
