import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { TenantId } from '../core/ids.js'
import type { Policy } from '../policy/policy.js'
import { viewRules } from '../policy/view-rules.js'
import { introspect } from '../schema/introspect.js'
import type { Snapshot } from '../schema/snapshot.js'
import { createCompiler } from '../sql/compile.js'
import { type CompileContext, type Compiler, NOTHING_HELD } from '../sql/compiled.js'
import { parseTree } from '../sql/parse.js'
import { loadParser } from '../sql/parser.js'
import { median } from './statistics.js'

/** What the compiler takes in this process, without any traffic. Units µs of processor time. */
export interface CompilerSpeed {
  /** A text that has its plan already, and its tenant filled in. */
  readonly cachedPointReadUs: number
  readonly cachedOrmQueryUs: number
  /** From text to proven text. */
  readonly uncachedPointReadUs: number
  /** Fifteen lines as an ORM writes them: joins, a grouped subquery, EXISTS, a list. */
  readonly uncachedOrmQueryUs: number
}

const POINT_READ = 'SELECT abalance FROM accounts WHERE aid = $1'
const BATCHES = 15
/** As many as the just-in-time compiler needs for its last word. */
const WARM_UP_CALLS = 4_000
const TENANT = [TenantId.of('acme')]

export async function measureCompiler(operatorUrl: string, policy: Policy): Promise<CompilerSpeed> {
  await loadParser()
  const compiler = createCompiler({ maxTextBytes: 1 << 20, maxPlans: 1000, maxPlanBytes: 1 << 26 })
  const context: CompileContext = {
    snapshot: await snapshotOf(operatorUrl, policy),
    policy,
    kind: 'app',
    searchPath: policy.searchPath,
    parameterTypes: [],
    ...NOTHING_HELD,
    protocol: 'extended',
  }
  const ormQuery = await readFile(new URL('sql/orm-query.sql', import.meta.url), 'utf8')
  return {
    cachedPointReadUs: cachedUs(compiler, context, POINT_READ),
    cachedOrmQueryUs: cachedUs(compiler, context, ormQuery),
    uncachedPointReadUs: uncachedUs(compiler, context, POINT_READ),
    uncachedOrmQueryUs: uncachedUs(compiler, context, ormQuery),
  }
}

async function snapshotOf(operatorUrl: string, policy: Policy): Promise<Snapshot> {
  const client = new Client({ connectionString: operatorUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return await introspect((text) => client.query(text), {
      previousGeneration: 0,
      viewRules: viewRules(policy, parseTree),
    })
  } finally {
    await client.end()
  }
}

function cachedUs(compiler: Compiler, context: CompileContext, sql: string): number {
  const text = Buffer.from(sql)
  return medianUs(20_000, () => compiler.compile(text, context).bind(TENANT))
}

/** A comment makes each text new to the cache and the same to the parser. */
function uncachedUs(compiler: Compiler, context: CompileContext, sql: string): number {
  let number = 0
  return medianUs(100, () => {
    number += 1
    compiler.compile(Buffer.from(`${sql} /* ${number} */`), context).bind(TENANT)
  })
}

/** Processor time and not the clock's: it is the same whatever else the machine is doing. */
function medianUs(calls: number, call: () => void): number {
  for (let index = 0; index < WARM_UP_CALLS; index++) call()
  const batches: number[] = []
  for (let batch = 0; batch < BATCHES; batch++) {
    const before = process.cpuUsage()
    for (let index = 0; index < calls; index++) call()
    const { user, system } = process.cpuUsage(before)
    batches.push((user + system) / calls)
  }
  return median(batches)
}
