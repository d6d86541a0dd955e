import type { CompileContext, Effect } from './compiled.js'
import { SEARCH_PATH } from './resolve/settings.js'
import { parseSearchPath } from './search-path.js'

/** What names mean at a place of a text: each of its statements may change that for the next. */
export class TextNames {
  searchPath: readonly string[]
  temporaries: readonly string[]
  hasPrepared: boolean
  readonly #policyPath: readonly string[]

  constructor({ searchPath, temporaries, hasPrepared, policy }: CompileContext) {
    this.searchPath = searchPath
    this.temporaries = temporaries
    this.hasPrepared = hasPrepared
    this.#policyPath = policy.searchPath
  }

  follow(effect: Effect): void {
    switch (effect.kind) {
      case 'reset-all':
        this.searchPath = this.#policyPath
        return
      case 'set':
        if (effect.name === SEARCH_PATH) this.searchPath = this.#pathOf(effect.value)
        return
      case 'hold':
        if (effect.held === 'statement') this.hasPrepared = true
        if (effect.held === 'table')
          this.temporaries = [...new Set([...this.temporaries, effect.name])].sort()
        return
      case 'let-go':
        if (effect.held === 'table') this.temporaries = without(this.temporaries, effect.name)
        return
      default:
      // DISCARD ALL has no other statement beside it, and where a transaction goes back to the server says
    }
  }

  #pathOf(value: string | null): readonly string[] {
    return value === null ? this.#policyPath : (parseSearchPath(value) ?? [])
  }
}

/** `name` null is all of them. */
function without(names: readonly string[], name: string | null): readonly string[] {
  return name === null ? [] : names.filter((other) => other !== name)
}
