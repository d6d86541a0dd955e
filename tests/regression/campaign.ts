import { loadParser } from '../../src/sql/parser.js'
import { availableServers } from '../support/servers.js'
import { Databases, type Pair } from './databases.js'
import { definedFunctions } from './defined-functions.js'
import { prerequisites, readScript, scriptVariables, searchPathOf } from './files.js'
import type { ScriptPolicy } from './gateway.js'
import { type FileReport, runFile } from './run-file.js'
import { Stage } from './stage.js'
import { tenancy } from './tenancy.js'

const NOTHING_OF_ITS_OWN: ScriptPolicy = { allowed: [], searchPath: ['public'] }

/** One run of the files: each has a fresh pair of databases with what it builds on. */
export class Campaign {
  readonly #databases: Databases
  readonly #templates = new Map<string, Pair>()

  private constructor(databases: Databases) {
    this.#databases = databases
  }

  static async open(): Promise<Campaign> {
    const server = availableServers().find(({ major, key }) => major === 15 && key === 'system')
    if (server === undefined) throw new Error('PostgreSQL 15 is not installed')
    await loadParser()
    return new Campaign(await Databases.open(server))
  }

  async run(file: string): Promise<FileReport> {
    const needs = prerequisites(file)
    const pair = await this.#databases.create(await this.#template(needs))
    const allowed = definedFunctions([...needs, file].map(readScript).join('\n'))
    const policy = { allowed, searchPath: searchPathOf(file) }
    try {
      return await this.#runIn(pair, { file, policy, isSetUp: false })
    } finally {
      await this.#databases.drop(pair)
    }
  }

  /** The database behind a list of files, the last of which was run on top of the others. */
  async #template(files: readonly string[]): Promise<Pair> {
    const key = files.join(' ')
    const known = this.#templates.get(key)
    if (known !== undefined) return known
    const pair = await this.#databases.create(
      files.length > 1 ? await this.#template(files.slice(0, -1)) : undefined,
    )
    await this.#runIn(pair, { file: files.at(-1) ?? '', policy: NOTHING_OF_ITS_OWN, isSetUp: true })
    this.#templates.set(key, pair)
    return pair
  }

  async #runIn(
    pair: Pair,
    {
      file,
      policy,
      isSetUp,
    }: { readonly file: string; readonly policy: ScriptPolicy; readonly isSetUp: boolean },
  ): Promise<FileReport> {
    const stage = await Stage.open(this.#databases, pair, policy)
    try {
      const report = await runFile({
        file,
        text: readScript(file),
        stage,
        variables: scriptVariables(),
        searchPath: policy.searchPath,
        isSetUp,
      })
      if (!isSetUp) return report
      await tenancy.adopt(stage)
      await tenancy.plant(stage)
      await stage.asOwner('VACUUM ANALYZE')
      return report
    } finally {
      await stage.close()
    }
  }

  async close(): Promise<void> {
    await this.#databases.close()
  }
}
