import type {
  ClosePortalStmt,
  CopyStmt,
  CreateExtensionStmt,
  CreateStmt,
  CreateTableAsStmt,
  DeallocateStmt,
  DeclareCursorStmt,
  DeleteStmt,
  DiscardStmt,
  DropStmt,
  ExecuteStmt,
  ExplainStmt,
  InsertStmt,
  LockStmt,
  MergeStmt,
  PrepareStmt,
  RangeVar,
  RawStmt,
  SelectStmt,
  TransactionStmt,
  UpdateStmt,
  VariableSetStmt,
  VariableShowStmt,
} from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { type Access, accessOf } from '../../policy/decide.js'
import { relationKey } from '../../schema/relation.js'
import { type Struct, untag } from '../ast/walk.js'
import type { CompileContext, Effect } from '../compiled.js'
import { characterPosition } from '../position.js'
import { unsupported } from '../refusals.js'
import { TEMPORARY_SCHEMA } from '../search-path.js'
import { type AbsentSetting, absentSetting } from './absent-setting.js'
import { resolveCopyIn } from './copy-in.js'
import { resolveExplain } from './explain.js'
import { resolveExpression } from './expression.js'
import { resolveExtension } from './extension.js'
import { resolveFrom } from './from.js'
import { closeEffects, declareEffects, discardEffects, lockEffects, resolveChannel } from './held.js'
import { resolveDeallocate, resolveExecute, resolvePrepare } from './prepared.js'
import type { FromList, Output, RelationSite, Resolution, Resolver, Scope } from './resolution.js'
import { resolveSelect } from './select.js'
import { resolveSet, trackSetConfig } from './settings.js'
import { resolveCreateTable, resolveCreateTableAs, resolveDrop, resolveInto } from './temporary.js'
import { resolveDelete, resolveInsert, resolveMerge, resolveUpdate } from './write.js'

const NOWHERE: Scope = { ctes: null, ranges: null }

/** What names mean depends on these; `searchPath` is the one in force when the statement runs. */
export interface NameContext extends Pick<CompileContext, 'snapshot' | 'policy' | 'temporaries'> {
  readonly searchPath: readonly string[]
  readonly text: Buffer
}

/**
 * Binds each name of a statement as the server would, with PostgreSQL's own scopes.
 *
 * Throws   RELATION_DENIED where a name means no relation (the same words as for one that is denied), UNSUPPORTED_CONSTRUCT
 */
export function resolve(raw: RawStmt, context: NameContext): Resolution {
  const resolver = new StatementResolver(context)
  resolver.statement(raw.stmt ?? {}, NOWHERE)
  const { resolution } = resolver
  resolution.effects.push(...lockEffects(resolution.functions))
  return resolution
}

class StatementResolver implements Resolver {
  readonly resolution: Resolution = {
    relations: [],
    writes: [],
    copies: [],
    loads: [],
    functions: [],
    operators: [],
    patterns: [],
    comparisons: [],
    systemColumns: [],
    types: [],
    settings: [],
    effects: [],
    locking: [],
    trackedCalls: new Set(),
    namespacedCalls: [],
    channels: [],
    merges: new Map(),
    ranges: [],
    columns: new Map(),
    outputs: new Map(),
    explains: [],
    resetsSearchPath: false,
    temporary: [],
    executes: null,
    tableCommands: [],
  }
  readonly #context: NameContext
  #into: SelectStmt['intoClause']
  /** A call for each row of a relation in which nothing is to be found. */
  #absent: AbsentSetting | null = null
  /** How many relations the FROM clauses around have so far, innermost last. */
  readonly #ordinals: number[] = [0]

  constructor(context: NameContext) {
    this.#context = context
  }

  statement(node: unknown, scope: Scope): readonly Output[] | null {
    const statement = untag(node)
    if (statement === null) return null
    const struct = statement.struct as Struct
    switch (statement.kind) {
      case 'SelectStmt':
        if (scope === NOWHERE) this.#topSelect(struct as SelectStmt)
        return this.select(struct as SelectStmt, scope)
      case 'InsertStmt':
        return resolveInsert(this, struct as InsertStmt, scope)
      case 'UpdateStmt':
        return resolveUpdate(this, struct as UpdateStmt, scope)
      case 'DeleteStmt':
        return resolveDelete(this, struct as DeleteStmt, scope)
      case 'MergeStmt':
        return resolveMerge(this, struct as MergeStmt, scope)
      case 'DeclareCursorStmt':
        this.resolution.effects.push(...declareEffects(struct as DeclareCursorStmt))
        return this.statement(struct.query, { ...NOWHERE })
      case 'ClosePortalStmt':
        this.resolution.effects.push(...closeEffects(struct as ClosePortalStmt))
        return null
      case 'DiscardStmt':
        this.resolution.effects.push(...discardEffects(struct as DiscardStmt))
        return null
      case 'PrepareStmt':
        resolvePrepare(this, struct as PrepareStmt)
        return this.statement(struct.query, { ...NOWHERE })
      case 'ExecuteStmt':
        return resolveExecute(this, struct as ExecuteStmt)
      case 'DeallocateStmt':
        return resolveDeallocate(this, struct as DeallocateStmt)
      case 'CreateStmt':
        return resolveCreateTable(this, struct as CreateStmt)
      case 'CreateTableAsStmt':
        resolveCreateTableAs(this, struct as CreateTableAsStmt)
        return this.statement(struct.query, { ...NOWHERE })
      case 'DropStmt':
        return resolveDrop(this, struct as DropStmt, this.#context)
      case 'FetchStmt':
        return null
      case 'ListenStmt':
      case 'NotifyStmt':
      case 'UnlistenStmt':
        return resolveChannel(this, statement.kind, struct)
      case 'CopyStmt':
        return this.#copy(struct as CopyStmt)
      case 'CreateExtensionStmt':
        return resolveExtension(struct as CreateExtensionStmt, this.#context)
      case 'LockStmt':
        for (const node of (struct as LockStmt).relations ?? []) {
          if ('RangeVar' in node) this.relation(node.RangeVar, 'lock', false)
        }
        return null
      case 'ExplainStmt':
        return resolveExplain(this, struct as ExplainStmt)
      case 'TransactionStmt':
        this.resolution.effects.push(...transactionEffects(struct as TransactionStmt))
        return null
      case 'VariableSetStmt':
        resolveSet(this.resolution, struct as VariableSetStmt)
        return null
      case 'VariableShowStmt':
        this.resolution.settings.push({
          name: ((struct as VariableShowStmt).name ?? '').toLowerCase(),
          access: 'show',
          value: null,
          location: 0,
        })
        return null
      default:
        throw new GatewayError('UNSUPPORTED_STATEMENT', { statement: statement.kind })
    }
  }

  #topSelect(statement: SelectStmt): void {
    this.#settings(statement)
    let first = statement
    while (first.larg !== undefined) first = first.larg
    this.#into = first.intoClause
    if (this.#into !== undefined) resolveInto(this, this.#into, 'SELECT INTO')
  }

  #settings(statement: SelectStmt): void {
    trackSetConfig(this.resolution, statement)
    this.#absent = absentSetting(statement)
  }

  #copy(statement: CopyStmt): readonly Output[] | null {
    if (statement.is_from === true) {
      resolveCopyIn(this, statement, NOWHERE)
      return null
    }
    if (statement.relation === undefined) return this.statement(statement.query ?? {}, { ...NOWHERE })
    this.resolution.copies.push({ statement, source: this.relation(statement.relation, 'copy', false) })
    return null
  }

  /** INTO anywhere but in the first SELECT of the statement is the server's to refuse: nobody would know of the table. */
  select(statement: SelectStmt, scope: Scope): readonly Output[] | null {
    if (statement.intoClause !== this.#into && statement.intoClause !== undefined)
      throw unsupported('nestedInto')
    return resolveSelect(this, statement, scope)
  }

  expression(node: unknown, scope: Scope): void {
    resolveExpression(this, node, scope)
  }

  from(items: readonly unknown[] | undefined, scope: Scope): FromList {
    this.#ordinals.push(0)
    const list = resolveFrom(this, items, scope)
    this.#ordinals.pop()
    return list
  }

  relation(rangeVar: RangeVar, use: RelationSite['use'], isSampled: boolean): RelationSite {
    const name = rangeVar.relname ?? ''
    if (rangeVar.catalogname !== undefined) throw unsupported('databaseName')
    for (const schema of rangeVar.schemaname === undefined ? this.#searchSchemas() : [rangeVar.schemaname]) {
      const known = this.#accessOf(schema, name)
      if (known === undefined) continue
      const access = this.#emptied(rangeVar, known)
      const relation = this.#context.snapshot.relations.get(relationKey(schema, name)) ?? null
      const ordinal = (this.#ordinals.pop() ?? 0) + 1
      this.#ordinals.push(ordinal)
      const site: RelationSite = { use, rangeVar, isSampled, ordinal, schema, name, access, relation }
      this.resolution.relations.push(site)
      return site
    }
    throw deniedRelation(rangeVar, this.#context.text)
  }

  #accessOf(schema: string, name: string): Access | undefined {
    const { snapshot, policy, temporaries } = this.#context
    if (schema !== TEMPORARY_SCHEMA) return accessOf({ schema, name }, snapshot, policy)
    return temporaries.includes(name) ? { kind: 'temporary' } : undefined
  }

  /** A catalog is shown empty to such a call, which never runs then; any other relation of the name has its rows, and no such call. */
  #emptied(rangeVar: RangeVar, known: Access): Access {
    if (rangeVar !== this.#absent?.source || known.kind !== 'metadata') return known
    this.resolution.trackedCalls.add(this.#absent.call)
    return { kind: 'empty' }
  }

  /** Temporary tables come first, and then pg_catalog, unless the path names them. */
  #searchSchemas(): readonly string[] {
    const path = this.#context.searchPath
    const first = [TEMPORARY_SCHEMA, 'pg_catalog'].filter((schema) => !path.includes(schema))
    return [...first, ...path]
  }
}

/** One refusal for relations that don't exist and for those that are denied. */
export function deniedRelation(rangeVar: RangeVar, text: Buffer): GatewayError {
  const relation =
    rangeVar.schemaname === undefined
      ? (rangeVar.relname ?? '')
      : `${rangeVar.schemaname}.${rangeVar.relname}`
  return new GatewayError(
    'RELATION_DENIED',
    { relation },
    {
      position: characterPosition(text, rangeVar.location ?? 0),
      hint: 'Check the spelling; a relation without the tenant column is available once the policy declares it.',
    },
  )
}

function transactionEffects(statement: TransactionStmt): Effect[] {
  const name = statement.savepoint_name ?? ''
  switch (statement.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return [{ kind: 'begin' }]
    case 'TRANS_STMT_COMMIT':
      return [{ kind: 'commit' }]
    case 'TRANS_STMT_ROLLBACK':
      return [{ kind: 'rollback' }]
    case 'TRANS_STMT_SAVEPOINT':
      return [{ kind: 'savepoint', name }]
    case 'TRANS_STMT_RELEASE':
      return [{ kind: 'release', name }]
    case 'TRANS_STMT_ROLLBACK_TO':
      return [{ kind: 'rollback-to', name }]
    default:
      throw new GatewayError('UNSUPPORTED_STATEMENT', { statement: 'two-phase commit' })
  }
}
