import type { CompiledText } from '../sql/compiled.js'

const NONE: ReadonlySet<string> = new Set()

/** Settings that calls of set_config() may have made others than anybody has seen. */
export class SettingsInDoubt {
  #names: ReadonlySet<string> = NONE

  hasAny(names: readonly string[]): boolean {
    return this.#names !== NONE && names.some((name) => this.#names.has(name))
  }

  /** A text is about to be sent: what it calls may run at any time up to the end of the transaction, or not at all. */
  sending({ statements }: CompiledText): void {
    for (const { effects } of statements)
      for (const effect of effects)
        if (effect.kind === 'set' && effect.byCall === true)
          this.#names = new Set(this.#names).add(effect.name)
  }

  /** The names of those in doubt, which are about to be set. */
  take(): ReadonlySet<string> {
    const names = this.#names
    this.#names = NONE
    return names
  }
}
