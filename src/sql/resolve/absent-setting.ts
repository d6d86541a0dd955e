import type { FuncCall, Node, RangeVar, SelectStmt } from '@pgsql/types'
import { settingRule } from '../../policy/settings.js'
import { constantText, strings } from './outputs.js'

/** A call of set_config() that runs only if the server has a setting, and the relation that tells. */
export interface AbsentSetting {
  readonly call: FuncCall
  readonly source: RangeVar
}

const CLAUSES = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])

/**
 * Recognises what pg_dump asks for at its start: a setting is set if the server has it.
 *
 * To a tenant there is no setting but those it may set: where it names another one the statement finds none, as on a server
 * that doesn't have it.
 *
 * Shape    SELECT set_config(name, 'view, foreign-table', false) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'
 */
export function absentSetting(statement: SelectStmt): AbsentSetting | null {
  const isPlain =
    Object.keys(statement).every((clause) => CLAUSES.has(clause)) && statement.op === 'SETOP_NONE'
  const call = only(statement.targetList, 'ResTarget')?.ResTarget.val
  const source = only(statement.fromClause, 'RangeVar')?.RangeVar
  if (!isPlain || call === undefined || !('FuncCall' in call) || source === undefined) return null
  const [name] = call.FuncCall.args ?? []
  const setting = namedSetting(statement.whereClause)
  const isCall = strings(call.FuncCall.funcname).at(-1) === 'set_config' && isName(name)
  const isSettings = source.relname === 'pg_settings' && source.alias === undefined
  if (!isCall || !isSettings || setting === null || settingRule(setting)?.set === true) return null
  return { call: call.FuncCall, source }
}

function only<K extends 'ResTarget' | 'RangeVar'>(
  nodes: readonly Node[] | undefined,
  kind: K,
): Extract<Node, Record<K, unknown>> | undefined {
  const [node, ...others] = nodes ?? []
  const isOnly = node !== undefined && others.length === 0 && kind in node
  return isOnly ? (node as Extract<Node, Record<K, unknown>>) : undefined
}

function isName(node: Node | undefined): boolean {
  return node !== undefined && 'ColumnRef' in node && strings(node.ColumnRef.fields).join('.') === 'name'
}

/** The constant of `name = 'constant'`. */
function namedSetting(where: Node | undefined): string | null {
  if (where === undefined || !('A_Expr' in where)) return null
  const { kind, name, lexpr, rexpr } = where.A_Expr
  const isEqual = kind === 'AEXPR_OP' && strings(name).join('.') === '=' && isName(lexpr)
  return isEqual ? constantText(rexpr) : null
}
