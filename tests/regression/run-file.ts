import { settingRule } from '../../src/policy/settings.js'
import type { Observation } from '../support/world/observe.js'
import { Asking, rowsOf } from './asking.js'
import { knownDifference } from './known-differences.js'
import { type Judgement, judge } from './observation.js'
import { columnsOfCopy, mentions, permanent, runsInside } from './rewriting.js'
import { Script, type ScriptItem } from './script.js'
import type { Stage } from './stage.js'
import { type Statement, statementOf } from './statement.js'
import { tenancy } from './tenancy.js'

/** What became of one statement that was asked. */
export interface Outcome extends Judgement {
  readonly line: number
  readonly text: string
  /** Whether it is of a kind that is counted, and touches a table of the tenant's. */
  readonly counts: boolean
}

export interface FileReport {
  readonly file: string
  readonly outcomes: readonly Outcome[]
  /** Changes of the schema that went another way in the shared database. */
  readonly divergences: readonly string[]
}

export interface FileRun {
  readonly file: string
  readonly text: string
  readonly stage: Stage
  readonly variables: ReadonlyMap<string, string>
  /** The policy's. */
  readonly searchPath: readonly string[]
  /** Whether everything is run by the owner, as a prerequisite of other files. */
  readonly isSetUp: boolean
}

export async function runFile(run: FileRun): Promise<FileReport> {
  const running = new Running(run)
  await running.run()
  return { file: run.file, outcomes: running.outcomes, divergences: running.divergences }
}

/** Statements that read tables as the owner: another tenant's rows must not get into what they make. */
const READING = /^(?:do|call|refresh|create\s+(?:(?:unlogged\s+)?table|materialized)|select|with)\b/i
const MAKING =
  /^(?:do|call|refresh|select|with|alter|create\s+(?:table|unlogged|materialized|schema)|truncate|drop)\b/i
const END = /^(?:commit|end|rollback|abort|prepare\s+transaction)\b(?!\s+(?:work\s+|transaction\s+)?to\b)/i
const SCHEMA_CHANGE =
  /^\s*(?:create|alter|drop|truncate|do|call|comment|reindex|cluster|vacuum|refresh)\b|\binto\s+(?:temp|table)/im

const KEEPING = new Set(['PrepareStmt', 'DeclareCursorStmt'])

class Running {
  readonly outcomes: Outcome[] = []
  readonly divergences: string[] = []
  readonly #run: FileRun
  readonly #stage: Stage
  readonly #script: Script
  readonly #asking: Asking
  /** Every relation with the tenant column. */
  #tables: ReadonlySet<string> = new Set()
  /** Written since the last copy of another tenant's rows was made. */
  readonly #written = new Set<string>()
  /** Whether the session's search path isn't the policy's. */
  #isElsewhere = false
  /** Statements that were prepared and cursors that were declared, by name. */
  readonly #kept = new Map<string, string>()
  /** In a transaction that changes the schema: its own commands are left out. */
  #isFlat = false

  constructor(run: FileRun) {
    this.#run = run
    this.#stage = run.stage
    this.#script = new Script(run.text, run.variables)
    this.#asking = new Asking(run.stage, this.#script)
  }

  async run(): Promise<void> {
    this.#tables = await tenancy.tables(this.#stage)
    for (let item = this.#script.next(); item !== null; item = this.#script.next())
      if (item.sentBy !== 'gexec' && item.sentBy !== 'gdesc') await this.#item(item, statementOf(item.text))
  }

  async #item(item: ScriptItem, statement: Statement): Promise<void> {
    switch (statement.role) {
      case 'direct':
        return this.#change(item)
      case 'setting':
        return this.#setting(item, statement)
      case 'transaction':
        return this.#run.isSetUp ? undefined : this.#transaction(item)
      case 'asked':
      case 'beside':
        return this.#run.isSetUp ? this.#setUp(item, statement) : this.#ask(item, statement)
      case 'skipped':
        return
    }
  }

  async #setUp(item: ScriptItem, { kind }: Statement): Promise<void> {
    if (kind !== 'SelectStmt') await this.#stage.asOwner(item.text, rowsOf(this.#script))
    else if (item.sentBy === 'gset') this.#keep(await this.#stage.inTwin(item.text), item)
  }

  /** A change of the schema, by the owner, in both databases. */
  async #change(item: ScriptItem): Promise<void> {
    const text = permanent(item.text)
    const named = mentions(text, this.#tables)
    if (runsInside(text)) await tenancy.open(this.#stage, named)
    const read = /^(?:do|call|refresh)\b/i.test(text) ? [...this.#tables] : named
    if (READING.test(text)) await tenancy.unplant(this.#stage, read)
    const isDone = await this.#changeBoth(item, text, named)
    if (!isDone) return
    this.#stage.schemaChanged()
    if (MAKING.test(text)) await this.#adopt(READING.test(text) ? read : /^alter/i.test(text) ? named : [])
  }

  async #changeBoth(item: ScriptItem, text: string, named: readonly string[]): Promise<boolean> {
    let { shared, twin } = await this.#stage.asOwner(text, rowsOf(this.#script))
    if (shared.error !== null && twin.error === null) {
      // rows of another tenant, or parents whose defaults differ, are in the way
      await tenancy.unplant(this.#stage)
      await tenancy.open(this.#stage, named)
      shared = await this.#stage.inShared(text)
      await tenancy.plant(this.#stage)
    }
    if ((shared.error === null) !== (twin.error === null))
      this.divergences.push(
        `${this.#run.file}:${item.line} shared: ${shared.error?.message ?? 'done'}, private: ${twin.error?.message ?? 'done'}\n${text}`,
      )
    return shared.error === null || twin.error === null
  }

  /** New tables become the tenants', and those that were changed get another tenant's rows again. */
  async #adopt(changed: readonly string[]): Promise<void> {
    const before = this.#tables
    await tenancy.adopt(this.#stage)
    this.#tables = await tenancy.tables(this.#stage)
    const made = [...this.#tables].filter((name) => !before.has(name))
    if (!this.#run.isSetUp) await tenancy.plant(this.#stage, [...changed, ...made])
  }

  /** On every connection; planner settings and the like are the server's, and left alone. */
  async #setting({ text }: ScriptItem, { tree }: Statement): Promise<void> {
    if (/^(?:set|reset)\s+(?:(?:local|session)\s+)?(?:role|session\s+authorization)\b/i.test(text)) return
    const name = /"name":"([^"]+)"/.exec(JSON.stringify(tree))?.[1] ?? ''
    await this.#stage.asOwner(text)
    if (this.#run.isSetUp || (settingRule(name)?.set !== true && !name.startsWith('TRANSACTION'))) return
    await this.#stage.catchUp()
    const { error } = await this.#stage.gateway.ask({ text })
    if (error !== null) return
    await this.#stage.twin.ask({ text })
    if (name === 'search_path') this.#isElsewhere = !isPath(text, this.#run.searchPath)
  }

  async #transaction({ text }: ScriptItem): Promise<void> {
    if (/^(?:commit|rollback)\s+prepared\b/i.test(text)) return
    if (/^(?:begin|start)\b/i.test(text) && changesSchema(this.#script.rest)) this.#isFlat = true
    if (this.#isFlat) {
      this.#isFlat = !END.test(text)
      return
    }
    await this.#stage.catchUp()
    // the gateway has no two-phase commit
    const said = /^prepare/i.test(text) ? 'ROLLBACK' : text
    await this.#stage.gateway.ask({ text: said })
    await this.#stage.twin.ask({ text: said })
    await this.#plantWritten()
  }

  async #ask(item: ScriptItem, statement: Statement): Promise<void> {
    await this.#stage.catchUp()
    const isTouching = [...statement.names].some((name) => this.#tables.has(name))
    const text = await this.#withColumns(item.text, statement)
    const answers = await this.#asking.ask(text, statement)
    if (KEEPING.has(statement.kind)) this.#kept.set(keptName(text), text)
    const judged = judge(this.#about(text, statement), answers, this.#isElsewhere)
    const known = judged.verdict === 'different' ? knownDifference(this.#run.file, item.line) : undefined
    const judgement: Judgement = known === undefined ? judged : { verdict: 'excluded', detail: known }
    if (judgement.verdict === 'excluded') await this.#asking.align()
    this.outcomes.push({
      ...judgement,
      line: item.line,
      text,
      counts: statement.role === 'asked' && isTouching,
    })
    this.#keep(answers.own ?? answers.seen, item)
    for (const name of statement.targets) if (this.#tables.has(name)) this.#written.add(name)
    await this.#plantWritten()
    if (judgement.verdict === 'refused') await this.#load(text, statement)
  }

  /** A text, and what it runs: a statement that was prepared, or a cursor's. */
  #about(text: string, { kind }: Statement): string {
    if (kind !== 'ExecuteStmt' && kind !== 'FetchStmt') return text
    const words = text.toLowerCase().match(/"[^"]+"|\w+/g) ?? []
    return [text, ...words.flatMap((word) => this.#kept.get(word) ?? [])].join('\n')
  }

  /** Rows of a file are part of what later statements need; a tenant may not load them. */
  async #load(text: string, { kind, targets }: Statement): Promise<void> {
    if (kind !== 'CopyStmt' || !/\bfrom\s+'/i.test(text)) return
    await this.#stage.asOwner(text)
    await tenancy.plant(this.#stage, [...targets])
  }

  async #plantWritten(): Promise<void> {
    if (this.#stage.twin.transaction !== 'I') return
    await tenancy.plant(this.#stage, [...this.#written])
    this.#written.clear()
  }

  async #withColumns(text: string, { kind, targets }: Statement): Promise<string> {
    const [target] = targets
    const isLoad = kind === 'CopyStmt' && target !== undefined && this.#tables.has(target)
    return isLoad ? columnsOfCopy(text, target, this.#stage) : text
  }

  /** What \gset keeps. */
  #keep({ results: [result] }: Observation, { sentBy, argument }: ScriptItem): void {
    if (sentBy !== 'gset') return
    result?.columns.forEach((column, index) => {
      const value = result.rows[0]?.[index]
      if (typeof value === 'string')
        this.#script.variables.set(`${argument}${column.replace(/ \S+$/, '')}`, value)
    })
  }
}

/** Whether a command sets the search path to the policy's. */
function isPath(command: string, policy: readonly string[]): boolean {
  const value = /(?:\bto|=)\s*(.*?)\s*;?$/is.exec(command)?.[1]
  if (value === undefined || /^default$/i.test(value)) return true
  return value.replaceAll(/['"\s]/g, '') === policy.join()
}

/** What stands behind the command. */
function keptName(text: string): string {
  return /^\w+\s+("[^"]+"|\w+)/.exec(text)?.[1]?.toLowerCase() ?? ''
}

/** Whether the transaction that begins here changes the schema before it ends. */
function changesSchema(rest: string): boolean {
  const lines = rest.split('\n')
  const end = lines.findIndex((line) => END.test(line.trim()))
  return SCHEMA_CHANGE.test(lines.slice(0, end < 0 ? undefined : end).join('\n'))
}
