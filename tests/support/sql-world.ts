import { TenantId } from '../../src/core/ids.js'
import type { Policy, RelationRule } from '../../src/policy/policy.js'
import type { UserFunction, UserType } from '../../src/schema/functions.js'
import { type Column, type ForeignKey, type Relation, relationKey } from '../../src/schema/relation.js'
import type { Snapshot } from '../../src/schema/snapshot.js'
import { createCompiler } from '../../src/sql/compile.js'
import { type CompileContext, type CompiledText, NOTHING_HELD } from '../../src/sql/compiled.js'

/** Written as `name`, `name:type` or `name:schema.type`; text where no type is named. */
function column(written: string): Column {
  const [name = '', type = 'text'] = written.split(':')
  const builtinType = !type.includes('.')
  return {
    name,
    type: builtinType ? `pg_catalog.${type}` : type,
    typeOid: 0,
    typeKind: builtinType ? 'base' : 'enum',
    builtinType,
    notNull: false,
    hasDefault: false,
    generated: false,
    virtual: false,
    defaultCollation: true,
    exact: true,
    identity: null,
  }
}

/** A table unless `about` says otherwise. */
function relation(
  path: string,
  columns: readonly string[],
  about: Partial<Relation> = {},
): readonly [string, Relation] {
  const [schema = '', name = ''] = path.split('.')
  return [
    relationKey(schema, name),
    {
      oid: 0,
      schema,
      name,
      kind: 'table',
      extension: null,
      columns: columns.map(column),
      primaryKey: ['id'],
      uniqueKeys: [['id']],
      foreignKeys: [],
      parents: [],
      view: null,
      ...about,
    },
  ]
}

const ORDERS = relationKey('public', 'orders')
const ORDER_COLUMNS = ['id:int4', 'tenant_id', 'note', 'total:numeric', 'created_at:timestamptz']

function toOrders(from: string): ForeignKey {
  return {
    name: 'tie',
    columns: [from],
    references: ORDERS,
    referencedColumns: ['id'],
    validated: true,
    deferred: false,
    cascades: false,
    resets: false,
    exact: true,
  }
}

const TENANT_OF_ORDERS = ['tenant_id', { relation: ORDERS, column: 'tenant_id' }] as const

function view(about: { readonly total: boolean; readonly single: boolean }): Partial<Relation> {
  return { kind: 'view', view: { columns: new Map([TENANT_OF_ORDERS]), reads: [ORDERS], ...about } }
}

const SEQUENCE_COLUMNS = ['last_value:int8', 'log_cnt:int8', 'is_called:bool']

/** The sequence of a serial column. */
function counter(oid: number, table: string, column: string): Partial<Relation> {
  return { kind: 'sequence', oid, counts: { relation: relationKey('public', table), column } }
}

const RELATIONS = [
  relation('public.orders', ORDER_COLUMNS),
  relation('archive.orders', ORDER_COLUMNS),
  relation('public.users', ['id:int4', 'tenant_id', 'name']),
  relation('public.devices', ['id:int4', 'tenant_id:uuid', 'label']),
  relation('public.meters', ['id:int4', 'org:int4', 'reading:float8', 'unit:numeric']),
  relation('public.Invoices', ['Id:int4', 'Tenant Id', 'Größe:int4']),
  relation('public.tags', ['id:int4', 'labels:text[]', 'tenant_id']),
  relation('public.shapes', ['id:int4', 'tenant_id', 'area:box', 'mood:public.mood']),
  relation('public.calendar', ['id:int4', 'tenant_id', 'day:date', 'at:timestamptz']),
  relation('public.items', ['id:int4', 'order_id:int4', 'sku', 'price:numeric'], {
    foreignKeys: [toOrders('order_id')],
  }),
  relation('public.Labels', ['body', 'Of Note:varchar'], {
    foreignKeys: [{ ...toOrders('Of Note'), referencedColumns: ['note'], deferred: true }],
  }),
  relation('public.rounded', ['id:int4', 'order_id:numeric'], {
    foreignKeys: [{ ...toOrders('order_id'), exact: false }],
  }),
  relation('public.derived', ['id:int4', 'raw:int4', 'order_id:int4'], {
    foreignKeys: [toOrders('order_id')],
    columns: [column('id:int4'), column('raw:int4'), { ...column('order_id:int4'), generated: true }],
  }),
  relation('public.parcels', [], {
    columns: ['id:int4', 'tenant_id', 'volume:numeric'].map((written) => ({
      ...column(written),
      generated: written.startsWith('volume'),
    })),
  }),
  relation('public.countries', ['code', 'name']),
  relation('public.secrets', ['id:int4', 'note']),
  relation('public.open_orders', ['id:int4', 'tenant_id', 'note'], view({ total: true, single: true })),
  relation('public.owned_orders', ['id:int4', 'tenant_id', 'owner', 'note'], {
    kind: 'view',
    view: {
      columns: new Map([TENANT_OF_ORDERS, ['owner', TENANT_OF_ORDERS[1]]]),
      reads: [ORDERS],
      total: true,
      single: true,
    },
  }),
  relation('public.parsed_orders', ['id:int4', 'tenant_id', 'year'], view({ total: false, single: true })),
  relation('public.order_pairs', ['id:int4', 'tenant_id', 'other'], view({ total: true, single: false })),
  relation('public.all_notes', ['id:int4', 'note'], view({ total: true, single: true })),
  relation('public.events', ['id:int4', 'tenant_id', 'kind'], { kind: 'partitioned table' }),
  relation('public.events_2026', ['id:int4', 'tenant_id', 'kind'], {
    parents: [relationKey('public', 'events')],
  }),
  relation('public.ticket', SEQUENCE_COLUMNS, { kind: 'sequence', oid: 500 }),
  relation('public.orders_id_seq', SEQUENCE_COLUMNS, counter(501, 'orders', 'id')),
  relation('public.items_id_seq', SEQUENCE_COLUMNS, counter(502, 'items', 'id')),
  relation('public.secrets_id_seq', SEQUENCE_COLUMNS, counter(503, 'secrets', 'id')),
  relation('tenantgate.tenants', ['id', 'name', 'settings:jsonb']),
  relation('tenantgate.logins', ['name', 'secret']),
] as const

function userFunction(name: string, about: Partial<UserFunction> = {}): UserFunction {
  return {
    schema: 'public',
    name,
    kind: 'function',
    extension: null,
    minArguments: 1,
    maxArguments: 1,
    cost: 100,
    language: 'plpgsql',
    leakproof: false,
    securityDefiner: false,
    ...about,
  }
}

const FUNCTIONS = [
  userFunction('slugify'),
  userFunction('quick', { cost: 0.1 }),
  userFunction('inlined', { language: 'sql' }),
  userFunction('sealed', { leakproof: true }),
  userFunction('peek'),
  userFunction('abs', { schema: 'archive' }),
  userFunction('wipe', { kind: 'procedure' }),
  userFunction('similarity', { extension: 'pg_trgm', language: 'c', cost: 1 }),
  userFunction('digest', { extension: 'pgcrypto', language: 'c', cost: 1 }),
]

export const SNAPSHOT: Snapshot = {
  generation: 1,
  serverVersion: 180004,
  relations: new Map(RELATIONS),
  schemas: new Set(['public', 'archive', 'tenantgate']),
  extensions: new Set(['pg_trgm', 'uuid-ossp']),
  functions: new Map(FUNCTIONS.map((each) => [each.name, [each]])),
  operators: new Map([
    ['===', [userOperator('===', 'peek')]],
    ['<~>', [userOperator('<~>', 'slugify')]],
  ]),
  casts: [
    {
      source: 'text',
      target: 'sight',
      extension: null,
      ownSource: false,
      functionSchema: 'public',
      functionName: 'to_sight',
    },
  ],
  types: new Map([
    ['sight', [userType('sight', 'composite', 20_000)]],
    ['mood', [userType('mood', 'enum', 20_002)]],
    ['citext', [{ ...userType('citext', 'base', 20_004), extension: 'citext' }]],
  ]),
}

/** Its arrays have the next OID. */
function userType(name: string, kind: UserType['kind'], oid: number): UserType {
  return { oid, arrayOid: oid + 1, schema: 'public', name, kind, extension: null, checkFunctions: [] }
}

function userOperator(name: string, functionName: string) {
  return {
    schema: 'public',
    name,
    extension: null,
    ownType: false,
    functionSchema: 'public',
    functionName,
  }
}

function viaOrders([name = '', column = '', key = '']: readonly string[]): readonly [string, RelationRule] {
  const references = { schema: 'public', name: 'orders', column: key }
  return [relationKey('public', name), { access: 'via', column, references }]
}

const ALLOWED = ['slugify', 'quick', 'inlined', 'sealed', 'wipe']

export const POLICY: Policy = {
  generation: 1,
  tenantColumn: 'tenant_id',
  searchPath: ['public'],
  relations: new Map([
    [relationKey('public', 'meters'), { access: 'tenant', column: 'org' }],
    [relationKey('public', 'Invoices'), { access: 'tenant', column: 'Tenant Id' }],
    [relationKey('public', 'countries'), { access: 'shared' }],
    ...[
      ['items', 'order_id', 'id'],
      ['Labels', 'Of Note', 'note'],
      ['rounded', 'order_id', 'id'],
      ['derived', 'order_id', 'id'],
    ].map(viaOrders),
  ]),
  functions: {
    allow: new Set(ALLOWED.map((name) => relationKey('public', name))),
    extensions: new Set(['pg_trgm']),
  },
  explain: 'plan',
  temporaryTables: true,
  controlSchema: 'tenantgate',
}

export const CONTEXT: CompileContext = {
  snapshot: SNAPSHOT,
  policy: POLICY,
  kind: 'app',
  searchPath: ['public'],
  parameterTypes: [],
  ...NOTHING_HELD,
  protocol: 'simple',
}

const compiler = createCompiler({ maxTextBytes: 1_000_000, maxPlans: 1000, maxPlanBytes: 50_000_000 })

/** Compiles a text in this world; `loadParser` has to have been awaited. Throws what the gateway would refuse with. */
export function compileSql(text: string, overrides: Partial<CompileContext> = {}): CompiledText {
  return compiler.compile(Buffer.from(text), { ...CONTEXT, ...overrides })
}

/** What the server would get for the tenant `acme`. */
export function scopedSql(text: string, overrides: Partial<CompileContext> = {}): string {
  return compileSql(text, overrides)
    .bind([TenantId.of('acme')])
    .toString('utf8')
}
