/** One folder of src, and what it may see. */
export interface Layer {
  /** Folders whose files it may import, types included. */
  readonly imports: readonly string[]
  /** No files, sockets, timers or process: the same input gives the same output. */
  readonly pure: boolean
}

const CORE = ['core'] as const
const STATEMENT = [...CORE, 'schema', 'policy', 'tenants'] as const
const RUNTIME = [...STATEMENT, 'wire', 'auth', 'sql', 'limits', 'audit', 'metrics'] as const
const SERVICE = [...RUNTIME, 'config', 'net', 'upstream', 'compiling'] as const

/** Who may import whom, from the bottom up; a folder that is not listed fails the test. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  core: { imports: [], pure: true },
  wire: { imports: CORE, pure: true },
  auth: { imports: CORE, pure: true },
  schema: { imports: CORE, pure: true },
  policy: { imports: [...CORE, 'schema'], pure: true },
  tenants: { imports: [...CORE, 'auth'], pure: false },
  sql: { imports: STATEMENT, pure: true },
  limits: { imports: [...CORE, 'tenants'], pure: true },
  audit: { imports: [...STATEMENT, 'sql'], pure: false },
  metrics: { imports: CORE, pure: false },
  files: { imports: CORE, pure: false },
  config: { imports: [...STATEMENT, 'auth', 'files'], pure: false },
  net: { imports: [...CORE, 'wire', 'files'], pure: false },
  upstream: { imports: [...RUNTIME, 'net'], pure: false },
  compiling: { imports: [...STATEMENT, 'sql'], pure: false },
  session: { imports: SERVICE, pure: false },
  admin: { imports: SERVICE, pure: false },
  machines: { imports: [...CORE, 'limits', 'config'], pure: false },
  composition: { imports: [...SERVICE, 'session', 'machines'], pure: false },
  cluster: { imports: [...SERVICE, 'session', 'composition'], pure: false },
  'app.ts': { imports: [...SERVICE, 'session', 'admin', 'composition', 'cluster'], pure: false },
  demo: { imports: [...SERVICE, 'session', 'admin', 'app.ts'], pure: false },
  bench: { imports: [...SERVICE, 'demo'], pure: false },
  cli: { imports: [...SERVICE, 'session', 'admin', 'app.ts', 'demo', 'bench'], pure: false },
}

/** Modules of Node that pure folders may use: they compute. `sql/parser.ts` needs a second instance of its module. */
export const PURE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:buffer': ['core', 'wire', 'auth', 'schema', 'policy', 'sql', 'limits'],
  'node:crypto': ['core/ids.ts', 'auth', 'sql'],
  'node:module': ['sql/parser.ts'],
}

/** Packages, and the only places of src that may import them. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'libpg-query': ['sql/parser.ts', 'sql/verify.ts'],
  '@pgsql/types': ['sql', 'schema/view'],
  jose: ['auth/jwt'],
  'lru-cache': ['sql', 'upstream', 'auth'],
  pg: ['upstream', 'tenants', 'composition', 'demo', 'bench', 'cli'],
  'pg-protocol': ['upstream'],
  pino: ['audit', 'composition', 'machines', 'cluster', 'cli', 'app.ts'],
  'prom-client': ['metrics'],
  '@redis/client': ['machines'],
  'rate-limiter-flexible': ['machines'],
  fastify: ['admin'],
  yaml: ['config'],
  zod: ['config', 'admin', 'policy', 'tenants'],
  commander: ['cli'],
  testcontainers: ['demo/database/docker.ts'],
}

/** The only readers of the environment. */
export const ENVIRONMENT_READERS: readonly string[] = [
  'config/load.ts',
  'cli',
  'demo/database/start-database.ts',
]

/** Whether a path below src is one of the places, or lies in one. */
export function isAmong(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`))
}
