import type { FuncCall, Node, SelectStmt, VariableSetStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import { formatSearchPath, parseSearchPath } from '../search-path.js'
import { constantText, strings } from './outputs.js'
import type { Resolution } from './resolution.js'

/** The name under which the effect of a statement on the gateway's own search path is known. */
export const SEARCH_PATH = 'search_path'

/** Records what SET, RESET and SET TRANSACTION do. */
export function resolveSet(resolution: Resolution, statement: VariableSetStmt): void {
  const name = (statement.name ?? '').toLowerCase()
  const location = Math.max(0, statement.location ?? 0)
  const local = statement.is_local === true
  switch (statement.kind) {
    case 'VAR_SET_VALUE':
      setting(resolution, { name, value: settingValue(statement, name), local, location })
      return
    case 'VAR_SET_DEFAULT':
    case 'VAR_RESET':
      resolution.resetsSearchPath = statement.kind === 'VAR_RESET' && name === SEARCH_PATH
      setting(resolution, { name, value: null, local, location })
      return
    case 'VAR_RESET_ALL':
      resolution.effects.push({ kind: 'reset-all' })
      return
    case 'VAR_SET_MULTI':
      transactionSettings(resolution, statement)
      return
    default:
      throw unsupported('setFromCurrent')
  }
}

interface Assignment {
  readonly name: string
  readonly value: string | null
  readonly local: boolean
  readonly location: number
  readonly byCall?: true
}

function setting(resolution: Resolution, { location, ...effect }: Assignment): void {
  resolution.settings.push({ name: effect.name, access: 'set', value: effect.value, location })
  resolution.effects.push({ kind: 'set', ...effect })
}

function settingValue(statement: VariableSetStmt, name: string): string {
  const values = (statement.args ?? []).map((argument) => {
    const text = constantText(argument) ?? booleanText(argument)
    if (text === null) throw unsupported('settingValue', { about: { setting: name } })
    return text
  })
  return name === SEARCH_PATH ? formatSearchPath(values) : values.join(', ')
}

function booleanText(node: Node | undefined): string | null {
  const constant = untag(node ?? {})
  const value =
    constant?.kind === 'A_Const' ? (constant.struct.boolval as { boolval?: boolean } | undefined) : undefined
  return value === undefined ? null : value.boolval === true ? 'on' : 'off'
}

const CHARACTERISTICS: ReadonlyMap<string, string> = new Map([
  ['transaction_isolation', 'default_transaction_isolation'],
  ['transaction_read_only', 'default_transaction_read_only'],
  ['transaction_deferrable', 'default_transaction_deferrable'],
])

function transactionSettings(resolution: Resolution, statement: VariableSetStmt): void {
  if (statement.name === 'TRANSACTION') return
  if (statement.name !== 'SESSION CHARACTERISTICS') {
    throw unsupported('settingForm', { about: { form: statement.name ?? '' } })
  }
  for (const argument of statement.args ?? []) setting(resolution, characteristic(argument))
}

function characteristic(argument: Node): Assignment {
  const option = untag(argument)?.struct
  const name = CHARACTERISTICS.get(String(option?.defname))
  const value = constantText(option?.arg)
  if (name === undefined || value === null) {
    throw unsupported('transactionMode')
  }
  const isLevel = name === 'default_transaction_isolation'
  return { name, value: isLevel ? value : value === '0' ? 'off' : 'on', local: false, location: 0 }
}

/** Marks the calls of set_config() of a SELECT without FROM, whose effect on the session can be followed. */
export function trackSetConfig(resolution: Resolution, statement: SelectStmt): void {
  const { targetList, op, valuesLists, withClause, limitOption: _limit, ...rest } = statement
  const isPlain =
    op === 'SETOP_NONE' &&
    valuesLists === undefined &&
    withClause === undefined &&
    Object.keys(rest).length === 0
  if (!isPlain) return
  for (const target of targetList ?? []) {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined
    if (
      value === undefined ||
      !('FuncCall' in value) ||
      strings(value.FuncCall.funcname).at(-1) !== 'set_config'
    )
      continue
    const effect = setConfigEffect(value.FuncCall)
    if (effect === null) continue
    resolution.trackedCalls.add(value.FuncCall)
    setting(resolution, effect)
  }
}

function setConfigEffect(call: FuncCall): Assignment | null {
  const [name, value, local] = call.args ?? []
  const nameText = constantText(name)?.toLowerCase() ?? null
  const valueText = constantText(value)
  const isLocal = booleanConstant(local)
  if (call.args?.length !== 3 || nameText === null || valueText === null || isLocal === null) return null
  const path = nameText === SEARCH_PATH ? parseSearchPath(valueText) : []
  if (path === null) throw new GatewayError('SETTING_VALUE', { setting: SEARCH_PATH, value: valueText })
  const text = nameText === SEARCH_PATH ? formatSearchPath(path) : valueText
  return { name: nameText, value: text, local: isLocal, location: call.location ?? 0, byCall: true }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['t', true],
  ['true', true],
  ['f', false],
  ['false', false],
  ['off', false],
])

/** Of the many ways to write one those that are in use. */
function booleanConstant(node: Node | undefined): boolean | null {
  const constant = untag(node ?? {})
  const text = constant?.kind === 'TypeCast' ? constantText(constant.struct.arg) : booleanText(node)
  return BOOLEANS.get(text ?? '') ?? null
}

/** A setting that is named by a value can only be judged if that value stands in the text. */
export function resolveSettingCall(resolution: Resolution, call: FuncCall, parts: readonly string[]): void {
  const name = parts.at(-1)
  if (name === 'set_config' && !resolution.trackedCalls.has(call)) {
    throw new GatewayError(
      'FUNCTION_DENIED',
      { function: 'set_config' },
      { hint: "Use SET, or SELECT set_config('name', 'value', false) with constants and without FROM." },
    )
  }
  if (name !== 'current_setting') return
  const setting = constantText(call.args?.[0])
  if (setting === null) {
    throw new GatewayError(
      'FUNCTION_DENIED',
      { function: 'current_setting' },
      { hint: 'Name the setting by a constant.' },
    )
  }
  resolution.settings.push({
    name: setting.toLowerCase(),
    access: 'show',
    value: null,
    location: call.location ?? 0,
  })
}
