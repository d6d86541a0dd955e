/** The types that generated expressions know; a column of any other type is only passed on. */
export type Type =
  | 'int'
  | 'numeric'
  | 'text'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'jsonb'
  | 'texts'
  | 'plan'
  | 'float'

export interface Column {
  readonly name: string
  readonly type: Type
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Whether rows may be written to it, and which columns make them unique. */
  readonly key?: readonly string[]
  /** The column that ties its rows to a parent of the tenant's. */
  readonly tie?: string
  /** Columns of which tenant 7's values are whole numbers written as text, and other tenants' aren't. */
  readonly digits?: readonly string[]
}

/** `id int, title text` → columns. */
function columns(text: string): readonly Column[] {
  return text.split(', ').map((column) => {
    const [name = '', type = ''] = column.split(' ')
    return { name, type: type as Type }
  })
}

const EVENTS = columns('tenant_id text, id int, at date, kind text, weight int, payload jsonb')

/** The relations of the world that a tenant may read, as `schema.sql` declares them. */
export const TABLES: readonly Table[] = [
  {
    name: 'accounts',
    columns: columns(
      'id int, tenant_id text, name text, plan plan, seats int, balance numeric, opened date, active boolean, meta jsonb, code text',
    ),
    key: ['id'],
    digits: ['code'],
  },
  {
    name: 'projects',
    columns: columns(
      'tenant_id text, id int, account_id int, title text, budget numeric, tags texts, starts timestamp, "Größe" int',
    ),
    key: ['tenant_id', 'id'],
  },
  {
    name: 'tasks',
    columns: columns(
      'id int, project_id int, title text, done boolean, points int, due date, code text, amount numeric, codes texts, doc jsonb, tenant_id text',
    ),
    key: [],
    digits: ['code'],
  },
  {
    name: 'comments',
    columns: columns('id int, tenant_id text, task_id int, author int, body text, score float'),
    key: ['id'],
  },
  { name: 'events', columns: EVENTS, key: ['tenant_id', 'id', 'at'] },
  { name: 'events_2025', columns: EVENTS },
  { name: 'assets', columns: columns('id int, tenant_id text, name text, value int'), key: [] },
  { name: 'vehicles', columns: columns('id int, tenant_id text, name text, value int, wheels int'), key: [] },
  { name: 'meters', columns: columns('id int, org int, label text, reading int'), key: ['org', 'id'] },
  {
    name: 'coupons',
    columns: columns('code text, tenant_id text, hits int, note text'),
    key: ['code'],
    digits: ['note'],
  },
  {
    name: 'invoices',
    columns: columns('id int, tenant_id text, account_id int, total numeric, state text'),
    key: ['id'],
  },
  {
    name: 'lines',
    columns: columns('id int, invoice_id int, label text, quantity int, price numeric'),
    key: ['id'],
    tie: 'invoice_id',
  },
  { name: 'countries', columns: columns('code text, name text') },
  { name: 'open_tasks', columns: columns('id int, tenant_id text, project_id int, title text, points int') },
  { name: 'task_archive', columns: columns('id int, tenant_id text, title text, points int') },
]

/** Whole numbers of which another tenant's don't fit two bytes, and tenant 7's do. */
export const NARROW = ['seats', '"Größe"', 'points', 'weight', 'value', 'reading', 'hits', 'quantity']

/** One relation in scope: what its columns are called there. */
export interface Source {
  readonly alias: string
  readonly columns: readonly Column[]
  readonly digits: readonly string[]
  /** Whether its columns are a table's own, with the table's values. */
  readonly isTable?: boolean
}

/** Where an expression stands: the sources it may name, and how deep it lies. */
export interface Scope {
  readonly sources: readonly Source[]
  /** Sources of the queries around it. */
  readonly outer: readonly Source[]
  readonly ctes: readonly Table[]
  readonly depth: number
  /** Whether every column has to be named with its source, because there are sources that this scope doesn't show. */
  readonly qualified?: boolean
}
