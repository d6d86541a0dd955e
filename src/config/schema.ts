import { z } from 'zod'
import { extensionRefusal } from '../policy/extensions.js'
import { LimitsSchema } from '../tenants/settings.js'
import { auth } from './auth-section.js'
import { key, section } from './keys.js'

const port = z.int().min(0).max(65535)
const count = z.int().min(0)
/** What a timer of Node can wait for. */
const timer = z.int().min(0).max(2_147_483_647)
const path = z.string().min(1).nullable()
const name = z.string().min(1)
const url = z.string().regex(/^postgres(ql)?:\/\/\S+$/, 'expected a postgres:// URL')

/** Keys whose `${NAME}` is percent-encoded, since a password may hold any character. */
export const URL_KEYS: ReadonlySet<string> = new Set(['upstream.url', 'upstream.operatorUrl'])

/** What the review holds against an extension stands, so that naming it would be a promise that isn't kept. */
const trustedExtension = name.superRefine((value, context) => {
  const refusal = extensionRefusal(value)
  if (refusal !== null)
    context.addIssue({ code: 'custom', message: `can't be trusted as a whole: ${refusal}` })
})
const relationName = z.string().regex(/^("[^"]+"|[^".\s]+)\.("[^"]+"|[^".\s]+)$/, 'expected schema.relation')
const columnName = z
  .string()
  .regex(/^("[^"]+"|[^".\s]+)\.("[^"]+"|[^".\s]+)\.("[^"]+"|[^".\s]+)$/, 'expected schema.relation.column')

const relationRule = z.discriminatedUnion('access', [
  z.strictObject({ access: z.literal('tenant'), column: name.optional() }),
  z.strictObject({ access: z.literal('via'), column: name, references: columnName }),
  z.strictObject({ access: z.literal('shared') }),
  z.strictObject({ access: z.literal('denied') }),
])

const token = z.strictObject({
  name,
  role: z.enum(['viewer', 'admin']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits'),
})

const listen = section(
  {
    host: key(name.default('127.0.0.1'), {
      description: 'Address to listen on; `0.0.0.0` and `::` are all addresses.',
    }),
    port: key(port.default(6432), { description: 'Port for PostgreSQL clients; 0 takes a free one.' }),
    tls: section(
      {
        mode: key(z.enum(['disable', 'allow', 'require']).default('disable'), {
          description:
            '`disable`: no TLS. `allow`: the client decides. `require`: plain connections are refused, cancel requests excepted.',
        }),
        cert: key(path.default(null), {
          description: 'Certificate chain, PEM file. Needed unless the mode is `disable`.',
        }),
        key: key(path.default(null), {
          description: 'Private key, PEM file. Needed unless the mode is `disable`.',
        }),
        clientCa: key(path.default(null), {
          description:
            'CA of client certificates, PEM file; null: they are not asked for. A certificate logs in, without a password, the login whose `certificate_cn` is its common name.',
        }),
      },
      'TLS towards clients, 1.2 and later. Files are relative to this one; they are read again when they change and at SIGHUP.',
    ),
  },
  'Where clients connect.',
)

const upstream = key(
  z.strictObject({
    url: key(url, {
      description:
        'Database and role of the tenants’ statements: least privileges, made by `tenantgate init`.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the configuration file's own placeholder
      example: 'postgres://tenantgate_app:${TENANTGATE_UPSTREAM_PASSWORD}@127.0.0.1:5432/app',
    }),
    operatorUrl: key(url, {
      description:
        'The same database as its owner or a superuser: operators, command line, introspection, control schema.',
      example: 'postgres://app_owner@127.0.0.1:5432/app',
    }),
    pool: section(
      {
        mode: key(z.enum(['transaction', 'session']).default('transaction'), {
          description: 'A server connection is lent for a transaction, or for as long as the client stays.',
        }),
        max: key(z.int().min(1).default(20), { description: 'Server connections at most.' }),
        perTenant: key(z.int().min(1).default(10), {
          description:
            'Server connections that one tenant may use at a time. Less than `max` keeps some for the others, however long its statements take.',
        }),
        queueTimeoutMs: key(count.default(5000), {
          description: 'How long a client waits for a server connection.',
          unit: 'ms',
        }),
        idleTimeoutMs: key(count.default(60000), {
          description: 'When an unused server connection is closed.',
          unit: 'ms; 0: never',
        }),
        lifetimeMs: key(count.default(3_600_000), {
          description:
            'How long a server connection is used; then it is replaced as soon as nobody has it, one up to a fifth sooner than another.',
          unit: 'ms; 0: for ever',
        }),
        healthCheckMs: key(count.default(30_000), {
          description:
            'After what time an unused server connection is asked for a sign of life. One that gives none within 5 s is closed.',
          unit: 'ms; 0: never',
        }),
      },
      'Server connections.',
    ),
    operators: section(
      {
        max: key(count.default(10), {
          description:
            'Sessions of operators at a time; each has a server connection of its own, made by `upstream.operatorUrl`.',
          unit: '0: operators are not served',
        }),
        idleTimeoutMs: key(timer.default(3_600_000), {
          description: 'When a session that says nothing is ended, a transaction that it left open too.',
          unit: 'ms; 0: never',
        }),
        lifetimeMs: key(timer.default(0), {
          description:
            'When a session is ended, whatever it does: between two of its transactions, or with the next message.',
          unit: 'ms; 0: never',
        }),
      },
      'Logins of kind `operator`: their statements reach the database as they are, and each is in the audit.',
    ),
  }),
  { description: 'The shared database.' },
)

const policy = section(
  {
    tenantColumn: key(name.default('tenant_id'), {
      description: 'The column that makes a relation a tenant relation.',
    }),
    searchPath: key(z.array(name).default(['public']), {
      description: 'Schemas that unqualified names are looked up in.',
    }),
    relations: key(z.record(relationName, relationRule).default({}), {
      description:
        'Relations that need a word: `shared` (read by all, written by none), `via` (a child without the column, tied by a foreign key), `denied`, or `tenant` with a column of another name. Everything without the tenant column that is not named here is denied.',
      entry: 'schema.relation',
      example: {
        'public.countries': { access: 'shared' },
        'public.order_items': { access: 'via', column: 'order_id', references: 'public.orders.id' },
        'public.app_secrets': { access: 'denied' },
      },
    }),
    functions: section(
      {
        allow: key(z.array(relationName).default([]), {
          description: 'Functions of your own that tenants may call, as `schema.function`.',
          example: ['public.slugify'],
        }),
        extensions: key(z.array(trustedExtension).default([]), {
          description:
            'Extensions whose functions and operators tenants may use; [functions.md](functions.md) says which of them.',
          example: ['pg_trgm'],
        }),
      },
      'Functions outside the reviewed built-in ones.',
    ),
    explain: key(z.enum(['deny', 'plan', 'analyze']).default('plan'), {
      description:
        'What EXPLAIN shows: nothing, estimates, or measurements, which count other tenants’ rows too.',
    }),
    rowSecurity: key(z.boolean().default(false), {
      description:
        'Whether the gateway tells the server whose statements follow, by the setting `tenantgate.tenant`: the row-level security that `tenantgate init --rls` makes compares with it.',
    }),
    temporaryTables: key(z.boolean().default(true), {
      description: 'Whether tenants may create temporary tables. Without effect yet: they may not.',
    }),
  },
  'What tenants may do.',
)

const limit = LimitsSchema.shape
const limits = section(
  {
    connections: key(limit.connections.default(100), {
      description: 'Client connections at a time.',
      unit: '0: no limit',
    }),
    concurrentQueries: key(limit.concurrentQueries.default(20), {
      description: 'Statements running at a time.',
      unit: '0: no limit',
    }),
    queriesPerSecond: key(limit.queriesPerSecond.default(0), {
      description: 'Statements in a second.',
      unit: '0: no limit',
    }),
    statementTimeoutMs: key(limit.statementTimeoutMs.default(30000), {
      description: 'When a statement is cancelled.',
      unit: 'ms; 0: never',
    }),
    idleInTransactionMs: key(limit.idleInTransactionMs.default(0), {
      description:
        'When a transaction whose client says nothing is rolled back, and its server connection freed.',
      unit: 'ms; 0: never',
    }),
    resultRows: key(limit.resultRows.default(0), {
      description: 'Rows of one result: of a statement, a COPY TO or one fetch.',
      unit: '0: no limit',
    }),
    resultBytes: key(limit.resultBytes.default(0), {
      description: 'Size of one result, in messages of the protocol.',
      unit: 'bytes; 0: no limit',
    }),
    weight: key(limit.weight.default(1), {
      description:
        'How much time on server connections the tenant gets while all are busy, against the weights of the others that wait.',
      unit: '0.01 to 100',
    }),
  },
  'Limits of each tenant that doesn’t have its own in `settings.limits`.',
)

/** The configuration file: every key with type, default, unit and meaning. The one source of its documentation. */
export const ConfigurationSchema = z.strictObject({
  listen,
  auth,
  upstream,
  control: section(
    {
      schema: key(name.default('tenantgate'), {
        description: 'Schema of the tables tenants, logins and audit_events.',
      }),
    },
    'The gateway’s own tables, in the shared database.',
  ),
  policy,
  limits,
  audit: section(
    {
      table: key(z.boolean().default(true), { description: 'Write refusals to the table audit_events.' }),
      file: key(path.default(null), {
        description: 'Write refusals to this file too, one JSON object a line.',
      }),
      literals: key(z.enum(['redact', 'keep']).default('redact'), {
        description: 'Whether refused SQL is kept with its literals.',
      }),
    },
    'The audit log.',
  ),
  admin: section(
    {
      host: key(name.default('127.0.0.1'), { description: 'Address of the admin port.' }),
      port: key(port.nullable().default(6480), {
        description: 'Metrics, health and API; null: none; 0 takes a free one.',
      }),
      tokens: key(z.array(token).default([]), {
        description:
          'Who may use the API: a name, a role (`viewer` or `admin`) and the SHA-256 of the bearer token.',
        example: [{ name: 'ops', role: 'admin', sha256: '0'.repeat(64) }],
      }),
    },
    'The admin port.',
  ),
  limitStore: section(
    {
      redis: key(
        z
          .string()
          .regex(/^rediss?:\/\/\S+$/, 'expected a redis:// or rediss:// URL')
          .nullable()
          .default(null),
        {
          description:
            'Redis in which several machines keep the tenants’ limits together; null: each counts for itself, as it does while Redis can’t be reached.',
        },
      ),
      prefix: key(name.default('tenantgate:'), { description: 'What its keys begin with.' }),
    },
    'Where tenants’ rates are counted.',
  ),
  drainTimeoutMs: key(timer.default(30_000), {
    description:
      'How long transactions that run may take to their end once the gateway is told to stop; a second signal cuts them off.',
    unit: 'ms',
  }),
  workers: key(z.int().min(1).default(1), {
    description:
      'Processes that share the port; each has its part of the server connections, and keeps to the tenants’ limits together with the others.',
  }),
})

/** A configuration that was read and checked; every key is there. */
export type Configuration = z.output<typeof ConfigurationSchema>
