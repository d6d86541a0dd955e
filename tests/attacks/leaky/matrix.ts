import { GatewayError } from '../../../src/core/errors.js'
import { comparable, type Observation, Observer } from '../../support/world/observe.js'
import type { Scoping } from '../../support/world/scoping.js'
import { CANARY } from '../../support/world/world.js'
import type { Construct } from './construct.js'
import { columnOf, type Field } from './field.js'
import type { Filter, Place } from './place.js'

/** What became of one construct at one place. */
export interface Cell {
  /** Whether the raw database shows other tenants' rows, with the predicate beside the filter; null: not asked. */
  readonly shows: boolean | null
  /** What the compiler's text shows: nothing more than a private database, or the finding; null: it was refused. */
  readonly scoped: 'nothing' | string | null
}

/** One session on the shared database and one on the private one. */
export class Matrix {
  readonly #scoping: Scoping
  readonly #shared: Observer
  readonly #own: Observer

  private constructor(scoping: Scoping, shared: Observer, own: Observer) {
    this.#scoping = scoping
    this.#shared = shared
    this.#own = own
  }

  static async open(field: Field, scoping: Scoping): Promise<Matrix> {
    const connect = async (database: Field['shared']) =>
      Observer.connect((await database.createRole()).url, new Map())
    return new Matrix(scoping, await connect(field.shared), await connect(field.twin))
  }

  async close(): Promise<void> {
    await this.#shared.close()
    await this.#own.close()
  }

  async cell(construct: Construct, place: Place, isRawAsked: boolean): Promise<Cell> {
    const text = place.text(filterOf(construct, false))
    const mine = await ask(this.#own, place, text)
    const raw = isRawAsked ? await ask(this.#shared, place, place.text(filterOf(construct, true))) : null
    const shows = raw === null ? null : tells(raw, mine, place)
    const scopedText = this.#scope(text)
    if (scopedText === null) return { shows, scoped: null }
    const seen = await ask(this.#shared, place, scopedText)
    const told = [place.title, text, scopedText, seen.error?.message, mine.error?.message].join('\n')
    return { shows, scoped: tells(seen, mine, place) ? told : 'nothing' }
  }

  /** Null where the compiler refuses. */
  #scope(text: string): string | null {
    try {
      return this.#scoping.scope({ text })
    } catch (error) {
      if (error instanceof GatewayError && error.sqlstate !== 'XX000') return null
      throw error
    }
  }
}

function filterOf(construct: Construct, isPinned: boolean): Filter {
  const column = (alias: string) => `${alias}.${columnOf(construct)}`
  const pin = (alias: string) => `${alias}.tenant_id = '7'`
  return {
    column,
    on: (alias) => `(${construct.filter.replaceAll(/\$(?!\.)/g, () => column(alias))})`,
    and: (alias) => (isPinned ? ` AND ${pin(alias)}` : ''),
    where: (alias) => (isPinned ? ` WHERE ${pin(alias)}` : ''),
  }
}

/** One text in a transaction of its own that leaves nothing behind. */
async function ask(observer: Observer, place: Place, text: string): Promise<Observation> {
  const seen = await observer.ask({ text: ['BEGIN', ...place.before, text, 'ROLLBACK'].join('; ') })
  if (seen.error !== null) await observer.ask({ text: 'ROLLBACK' })
  return seen
}

function tells(seen: Observation, mine: Observation, place: Place): boolean {
  return CANARY.test(seen.received) || (place.isComparable && comparable(seen) !== comparable(mine))
}
