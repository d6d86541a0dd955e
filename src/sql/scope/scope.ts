import type { Node, RawStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { accessOf } from '../../policy/decide.js'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import type { Tokens } from '../lexer.js'
import { characterPosition } from '../position.js'
import { unsupported } from '../refusals.js'
import type { RelationSite, Resolution, WriteSite } from '../resolve/resolution.js'
import { SEARCH_PATH } from '../resolve/settings.js'
import { namespaceChannel } from './channel.js'
import type { ScopeContext } from './context.js'
import { copyIn } from './copy-in.js'
import { copyOut } from './copy-out.js'
import { type Edit, insert, replace } from './edit.js'
import { guardRead, qualify } from './guard-read.js'
import { scopeMerge } from './merge.js'
import { namespaceCall } from './namespace-call.js'
import { parameterUses } from './parameter-uses.js'
import { checkPattern } from './pattern.js'
import { qualifier } from './pin.js'
import { pinDelete, pinUpdate } from './pin-write.js'
import { sequenceStandIn } from './sequence-stand-in.js'
import { relationSpan } from './span.js'
import { stampInsert } from './stamp-insert.js'
import { dropTemporary } from './temporary.js'
import { tieInsert } from './tie-insert.js'
import {
  expandTable,
  isForgottenHere,
  isShowSearchPath,
  shadowDeallocate,
  shadowSearchPath,
  shadowSetConfig,
  showSearchPath,
} from './utility.js'

/**
 * Turns the bindings of one statement into edits of its text.
 *
 * Reads come before writes: where a FROM list ends the statement, its guards close before the WHERE that is added. Calls come
 * before both: what a rule puts in front of an argument stays inside of the call.
 */
export function scope(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const { resolution } = context
  if (resolution.relations.some(isConfined)) {
    for (const site of resolution.patterns) checkPattern(site, context)
    refuseComposites(context)
  }
  const statement = untag(raw.stmt ?? {})
  const sets = resolution.settings.some((setting) => setting.access === 'set' && setting.name === SEARCH_PATH)
  if (sets && statement?.kind === 'VariableSetStmt') return shadowSearchPath(raw, context)
  if (isShowSearchPath(raw)) return showSearchPath(raw, context)
  if (statement?.kind === 'DropStmt') return dropTemporary(raw, context)
  if (isForgottenHere(raw, context)) return shadowDeallocate(raw, context)
  const edits = [
    ...namespaceChannel(raw, context),
    ...resolution.namespacedCalls.flatMap((call) => namespaceCall(call, context)),
    ...resolution.tableCommands.flatMap((rangeVar) => expandTable(rangeVar, context)),
    ...resolution.relations.filter((site) => site.use === 'read').flatMap((site) => read(site, context)),
    ...resolution.relations
      .filter((site) => site.use === 'lock' || site.use === 'like')
      .flatMap((site) => qualifyNamed(site, context)),
    ...resolution.copies.flatMap((site) => copyOut(site, context)),
    ...resolution.loads.flatMap((site) => copyIn(site, context)),
    ...[...resolution.trackedCalls].flatMap((call) => shadowSetConfig(call, context)),
    ...resolution.writes.flatMap((site) => write(site, context)),
    ...resolution.systemColumns.filter(({ site }) => site.use === 'read').map(qualifySystemColumn),
  ]
  demandOneType(context)
  if (statement?.kind === 'PrepareStmt') refuseChecked(context)
  return edits
}

/** A bare parameter without a declared type has the tenant column's if it stands for nothing else. */
function demandOneType(context: ScopeContext): void {
  const numbers = context.checks.flatMap((check) => (check.kind === 'parameter' ? [check.number] : []))
  for (const number of new Set(numbers)) {
    const bareUses = context.bareUsesOf(number)
    if (bareUses === 0 || bareUses === numbers.filter((other) => other === number).length) continue
    throw new GatewayError(
      'TENANT_COLUMN',
      { column: `$${number}`, relation: 'the statement' },
      { hint: 'Leave the tenant column out, or give it a parameter of its own.' },
    )
  }
}

/** What EXECUTE gives for a parameter may be any expression: only Bind can look at values. */
function refuseChecked({ checks }: ScopeContext): void {
  const isPattern = checks.some((check) => check.kind === 'pattern')
  if (!isPattern && !checks.some((check) => check.kind === 'parameter')) return
  throw unsupported('preparedParameter', { about: { what: isPattern ? 'a pattern' : 'the tenant column' } })
}

function read(site: RelationSite, context: ScopeContext): readonly Edit[] {
  return site.access.kind === 'sequence' ? sequenceStandIn(site, context) : guardRead(site, context)
}

/**
 * What is denied isn't touched: a catalog that every statement locks stands in for it.
 *
 * Shape    LOCK TABLE orders, public.secrets  →  LOCK TABLE public.orders, pg_catalog.pg_class
 */
function qualifyNamed(site: RelationSite, context: ScopeContext): readonly Edit[] {
  const span = relationSpan(context.tokens, site.rangeVar, false)
  return site.access.kind === 'denied'
    ? [replace(span.start, span.end, 'pg_catalog.pg_class')]
    : qualify(site, span)
}

/** Shape    ctid  →  orders.ctid: through a guard only a qualified system column can be seen */
function qualifySystemColumn({
  location,
  site,
}: {
  readonly location: number
  readonly site: RelationSite
}): Edit {
  return insert(location, `${qualifier(site.rangeVar)}.`)
}

/** Composites are compared field by field, and the planner does it with statistics of every tenant's values. */
function refuseComposites({ resolution, position }: ScopeContext): void {
  for (const { operands, location } of resolution.comparisons) {
    const isComposite = operands.some((operand) => resolution.columns.get(operand)?.typeKind === 'composite')
    if (!isComposite) continue
    throw unsupported('compositeComparison', { position: position(location) })
  }
}

/** Statistics of other relations hold no tenant's values. */
function isConfined({ access }: RelationSite): boolean {
  return access.kind === 'tenant' || access.kind === 'via'
}

/** Rows of a temporary table are the session's own, whatever it writes into them. */
function write(site: WriteSite, context: ScopeContext): readonly Edit[] {
  if (site.target.access.kind === 'temporary') return qualifyNamed(site.target, context)
  switch (site.kind) {
    case 'insert':
      return site.target.access.kind === 'via' ? tieInsert(site, context) : stampInsert(site, context)
    case 'update':
      return pinUpdate(site, context)
    case 'merge':
      return scopeMerge(site, context)
    case 'delete':
      return pinDelete(site, context)
  }
}

const HAS_OWN_ROWS: ReadonlySet<string> = new Set(['tenant', 'via', 'shared'])
const UNKNOWN_OID = 705
const TEXT_OIDS: ReadonlySet<number> = new Set([25, 1043])

/** The part of the context that depends on the statement and the compilation alone. */
export function scopeLookups(
  raw: RawStmt,
  tokens: Tokens,
  {
    snapshot,
    policy,
    parameterTypes,
    resolution,
  }: Pick<CompileContext, 'snapshot' | 'policy' | 'parameterTypes'> & Pick<ScopeContext, 'resolution'>,
): Pick<
  ScopeContext,
  'tokens' | 'tenantColumnOf' | 'siteOf' | 'hasTypeOf' | 'isText' | 'usesOf' | 'bareUsesOf' | 'position'
> {
  let counted: ReadonlyMap<number, readonly string[]> | null = null
  const usesOf = (parameter: number): readonly string[] => {
    counted ??= parameterUses(raw.stmt ?? ({} as Node))
    return counted.get(parameter) ?? []
  }
  return {
    tokens,
    tenantColumnOf(schema, name) {
      const access = accessOf({ schema, name }, snapshot, policy)
      return access?.kind === 'tenant' ? access.column : null
    },
    siteOf(key, ordinal) {
      const relation = snapshot.relations.get(key)
      const access = relation === undefined ? undefined : accessOf(relation, snapshot, policy)
      if (relation === undefined || access === undefined || !HAS_OWN_ROWS.has(access.kind)) return null
      const { schema, name } = relation
      const rangeVar = { schemaname: schema, relname: name, inh: true }
      return { use: 'read', rangeVar, isSampled: false, ordinal, schema, name, access, relation }
    },
    hasTypeOf(parameter, column) {
      const declared = parameterTypes[parameter - 1] ?? 0
      const areTexts = TEXT_OIDS.has(declared) && TEXT_OIDS.has(column.typeOid)
      if (declared !== 0 && declared !== UNKNOWN_OID) return declared === column.typeOid || areTexts
      // the first of several uses decides, so all of them have to be this one cast, or tenants of such a column
      const uses = new Set(usesOf(parameter))
      return uses.size === 1
    },
    isText(parameter) {
      const declared = parameterTypes[parameter - 1] ?? 0
      if (declared !== 0 && declared !== UNKNOWN_OID) return TEXT_OIDS.has(declared)
      const uses = usesOf(parameter)
      const isCast = uses.every((cast) => cast === 'text' || cast === 'varchar')
      return uses.length === 1 || isCast || patternUses(resolution, parameter) === uses.length
    },
    usesOf: (parameter) => usesOf(parameter).length,
    bareUsesOf(parameter) {
      if ((parameterTypes[parameter - 1] ?? 0) !== 0) return 0
      const uses = usesOf(parameter)
      return uses.filter((cast) => cast === '').length
    },
    position: (byteOffset) => characterPosition(tokens.text, Math.max(0, byteOffset ?? 0)),
  }
}

/** In how many patterns a parameter stands by itself. */
function patternUses(resolution: Resolution, parameter: number): number {
  return resolution.patterns.filter(
    ({ kind, pattern }) =>
      kind === 'like' &&
      pattern !== undefined &&
      'ParamRef' in pattern &&
      pattern.ParamRef.number === parameter,
  ).length
}
