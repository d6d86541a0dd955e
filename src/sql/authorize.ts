import type { ExplainStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { accessOf } from '../policy/decide.js'
import { settingRefusal, settingRule } from '../policy/settings.js'
import type { ScopedKind } from '../tenants/login.js'
import { untag } from './ast/walk.js'
import type { CompileContext } from './compiled.js'
import { characterPosition } from './position.js'
import { bindFunction, type FunctionBinding } from './resolve/names.js'
import { bindOperator } from './resolve/operator-names.js'
import { constantText } from './resolve/outputs.js'
import type {
  ChannelSite,
  FunctionSite,
  NameSite,
  RelationSite,
  Resolution,
  SettingSite,
} from './resolve/resolution.js'
import { deniedRelation } from './resolve/resolve.js'
import { bindType } from './resolve/type-names.js'

interface Authorization extends CompileContext {
  readonly text: Buffer
}

/**
 * Decides whether this kind of login may do what the bindings say.
 *
 * Throws   RELATION_DENIED, RELATION_READ_ONLY, LOGIN_READ_ONLY, FUNCTION_UNKNOWN, FUNCTION_DENIED, OPERATOR_DENIED,
 *          OPERATOR_UNKNOWN, TYPE_DENIED, TYPE_UNKNOWN, SETTING_DENIED, SETTING_VALUE
 */
export function authorize(resolution: Resolution, context: Authorization): void {
  for (const site of resolution.relations) authorizeRelation(site, context)
  for (const statement of resolution.temporary) authorizeTemporary(statement, context)
  for (const site of resolution.functions) authorizeFunction(site, resolution, context)
  for (const site of resolution.operators) authorizeOperator(site, context)
  for (const site of resolution.types) authorizeType(site, context)
  for (const site of resolution.settings) authorizeSetting(site, context)
  for (const statement of resolution.explains) authorizeExplain(statement, context)
  for (const site of resolution.channels) authorizeChannel(site, context)
  authorizeLocking(resolution, context)
}

function authorizeLocking({ locking }: Resolution, context: Authorization): void {
  if (isReadOnly(context.kind) && locking.length > 0)
    throw new GatewayError('LOGIN_READ_ONLY', { statement: 'SELECT FOR UPDATE' })
}

const EXTENSION_HINT =
  "Extensions are trusted by name in the policy's functions.extensions, functions one by one in functions.allow."

function at(context: Authorization, location: number): { readonly position: number } {
  return { position: characterPosition(context.text, Math.max(0, location)) }
}

/** Whether logins of a kind only read. */
export function isReadOnly(kind: ScopedKind): boolean {
  return kind === 'reader' || kind === 'analyst'
}

const WRITES_NOTHING: ReadonlySet<RelationSite['use']> = new Set(['read', 'lock', 'like', 'copy'])

function authorizeTemporary(statement: string, context: Authorization): void {
  if (isReadOnly(context.kind)) throw new GatewayError('LOGIN_READ_ONLY', { statement })
  if (context.policy.temporaryTables) return
  throw new GatewayError(
    'UNSUPPORTED_STATEMENT',
    { statement },
    { hint: "The policy's temporaryTables is off." },
  )
}

/**
 * pg_dump locks and copies every table that the catalogs show, and reads every sequence. One that is denied gives it no rows, and
 * isn't touched; it has to be named with its schema, as tools do, so that nobody takes an empty copy for a table's content by accident.
 */
function isOutOfReach(site: RelationSite, { snapshot, policy, protocol }: Authorization): boolean {
  const { access, use, rangeVar, relation } = site
  if (access.kind === 'sequence')
    return use !== 'read' || site.isSampled || accessOf(START_VALUES, snapshot, policy)?.kind !== 'metadata'
  if (access.kind !== 'denied') return false
  const isLocked = use === 'lock' && TABLES.has(relation?.kind)
  const isCopied = use === 'copy' && relation?.kind === 'table' && protocol === 'simple'
  if (rangeVar.schemaname === undefined || !(isLocked || isCopied)) return true
  return accessOf(CATALOG, snapshot, policy)?.kind !== 'metadata'
}

const TABLES: ReadonlySet<unknown> = new Set(['table', 'partitioned table'])

/** What shows that a denied relation exists. */
const CATALOG = { schema: 'pg_catalog', name: 'pg_class' }
/** What a sequence that hasn't counted anything shows. */
const START_VALUES = { schema: 'pg_catalog', name: 'pg_sequence' }

function authorizeRelation(site: RelationSite, context: Authorization): void {
  if (isOutOfReach(site, context)) throw deniedRelation(site.rangeVar, context.text)
  if (WRITES_NOTHING.has(site.use) || site.access.kind === 'temporary') return
  if (isReadOnly(context.kind))
    throw new GatewayError('LOGIN_READ_ONLY', { statement: site.use.toUpperCase() })
  const isVia = site.access.kind === 'via'
  if (site.access.kind === 'tenant' && site.schema !== context.policy.controlSchema) return
  if (isVia && site.use !== 'copy from') {
    authorizeKey(site, context)
    return
  }
  const hint = isVia
    ? 'COPY FROM needs the tenant column; rows that are tied to their tenant by a foreign key are written by INSERT.'
    : 'Only relations of the tenant’s can be written.'
  throw new GatewayError(
    'RELATION_READ_ONLY',
    { relation: site.name },
    { ...at(context, site.rangeVar.location ?? 0), hint },
  )
}

/** Of several tenants, nobody's channels and keys are its own. */
function hasNamespace(context: Authorization): boolean {
  return context.kind === 'app' || context.kind === 'reader'
}

function authorizeChannel({ use }: ChannelSite, context: Authorization): void {
  const statement = use.toUpperCase()
  if (!hasNamespace(context)) {
    const hint = 'Channels belong to one tenant: use a login of one.'
    throw new GatewayError('UNSUPPORTED_STATEMENT', { statement }, { hint })
  }
  if (use === 'notify' && isReadOnly(context.kind)) throw new GatewayError('LOGIN_READ_ONLY', { statement })
}

/** What is written as the key of a child is cast to the key's type. */
function authorizeKey({ access, relation, use }: RelationSite, context: Authorization): void {
  if (access.kind !== 'via' || use === 'delete') return
  const type = relation?.columns.find(({ name }) => name === access.column)?.type ?? ''
  const name = type.replace(/\[\]$/, '').split('.').at(-1) ?? ''
  const { verdict, reason } = bindType([name.replaceAll('"', '')], context)
  if (verdict === 'allowed') return
  throw new GatewayError('TYPE_DENIED', { type }, reason === null ? {} : { detail: reason })
}

const FUNCTION_HINT =
  'docs/functions.md says which functions are available; the policy allows functions of your own.'
const COUNTERS = new Set(['nextval', 'setval'])

/**
 * Whether `x.f` names a column wherever the server may look for x: every range of that name, in any scope of the
 * statement, has it. Scopes are not asked: where ours and the server's differed, a function would run unseen.
 * `(x).f` is never sure, and has nothing to do with ranges that have no name.
 */
function isSurelyColumn({ qualifier, parts }: FunctionSite, resolution: Resolution): boolean {
  if (qualifier === null) return false
  const ranges = resolution.ranges.filter((range) => range.name === qualifier)
  return (
    ranges.length > 0 &&
    ranges.every((range) => range.columns?.some(({ name }) => name === parts[0]) ?? false)
  )
}

function authorizeFunction(site: FunctionSite, resolution: Resolution, context: Authorization): void {
  const name = site.parts.join('.')
  if (site.isNotation && isSurelyColumn(site, resolution)) return
  const { verdict, reason } = bindFunction(site.parts, context)
  if (isDenied(site, verdict, context)) {
    throw new GatewayError(
      'FUNCTION_DENIED',
      { function: name },
      { ...at(context, site.location), detail: reason ?? 'it moves a counter', hint: FUNCTION_HINT },
    )
  }
  if (verdict === 'namespaced' && site.parts.at(-1) === 'pg_notify' && isReadOnly(context.kind))
    throw new GatewayError('LOGIN_READ_ONLY', { statement: 'pg_notify()' }, at(context, site.location))
  if (verdict === 'unknown' && !site.isNotation)
    throw new GatewayError('FUNCTION_UNKNOWN', { function: `${name}()` }, at(context, site.location))
}

function isDenied(
  { parts, isNotation }: FunctionSite,
  verdict: FunctionBinding['verdict'],
  context: Authorization,
): boolean {
  const name = parts.at(-1) ?? ''
  // only a call can be rewritten
  if (verdict === 'namespaced' && (isNotation || !hasNamespace(context))) return true
  return verdict === 'denied' || (isReadOnly(context.kind) && COUNTERS.has(name))
}

function authorizeOperator({ parts, location }: NameSite, context: Authorization): void {
  const verdict = bindOperator(parts, context)
  if (verdict === 'allowed') return
  const operator = parts.join('.')
  if (verdict === 'unknown') throw new GatewayError('OPERATOR_UNKNOWN', { operator }, at(context, location))
  throw new GatewayError('OPERATOR_DENIED', { operator }, { ...at(context, location), hint: EXTENSION_HINT })
}

function authorizeType({ parts, location }: NameSite, context: Authorization): void {
  const { verdict, reason } = bindType(parts, context)
  if (verdict === 'allowed') return
  const type = parts.join('.')
  if (verdict === 'unknown') throw new GatewayError('TYPE_UNKNOWN', { type }, at(context, location))
  throw new GatewayError(
    'TYPE_DENIED',
    { type },
    { ...at(context, location), ...(reason === null ? {} : { detail: reason }) },
  )
}

function authorizeSetting(site: SettingSite, context: Authorization): void {
  const rule = settingRule(site.name)
  const allowed = site.access === 'set' ? rule?.set : rule?.show
  if (allowed !== true) {
    throw new GatewayError(
      'SETTING_DENIED',
      { setting: site.name },
      { ...at(context, site.location), detail: rule?.reason ?? 'it is kept by the gateway' },
    )
  }
  if (site.access === 'show') return
  const refusal = settingRefusal(site.name, site.value)
  if (refusal !== null) {
    throw new GatewayError(
      'SETTING_VALUE',
      { setting: site.name, value: site.value ?? '' },
      { ...at(context, site.location), detail: refusal },
    )
  }
}

const EXPLAIN_OPTIONS = new Set([
  'analyze',
  'buffers',
  'costs',
  'format',
  'generic_plan',
  'memory',
  'serialize',
  'summary',
  'timing',
  'verbose',
  'wal',
])

/** ANALYZE tells how many rows the pin removed, which are other tenants'. */
function authorizeExplain(statement: ExplainStmt, context: Authorization): void {
  const { explain } = context.policy
  if (explain === 'deny') throw new GatewayError('EXPLAIN_DENIED', { form: 'EXPLAIN' })
  for (const node of statement.options ?? []) {
    const option = untag(node)?.struct
    const name = String(option?.defname)
    if (!EXPLAIN_OPTIONS.has(name)) throw new GatewayError('EXPLAIN_DENIED', { form: `EXPLAIN (${name})` })
    if (name === 'analyze' && explain !== 'analyze' && !isOff(option?.arg))
      throw new GatewayError('EXPLAIN_DENIED', { form: 'EXPLAIN ANALYZE' })
  }
}

function isOff(argument: unknown): boolean {
  const value = untag(argument ?? {})
  if (value?.kind === 'String')
    return ['false', 'off', '0', 'no'].includes(String(value.struct.sval).toLowerCase())
  if (value?.kind === 'Integer') return (value.struct.ival ?? 0) === 0
  return constantText(argument) === '0'
}
