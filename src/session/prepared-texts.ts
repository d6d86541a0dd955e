import { GatewayError } from '../core/errors.js'

const MAX_TEXTS = 10_000
const MAX_BYTES = 64 * 1024 * 1024

/** What a session has prepared, by name: it lives as long as the session, and so is bounded. */
export class PreparedTexts<T extends { readonly text: Buffer }> {
  readonly #byName = new Map<string, T>()
  #bytes = 0

  get size(): number {
    return this.#byName.size
  }

  get(name: string): T | undefined {
    return this.#byName.get(name)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  set(name: string, prepared: T): void {
    this.delete(name)
    this.#byName.set(name, prepared)
    this.#bytes += prepared.text.length
  }

  delete(name: string): void {
    const prepared = this.#byName.get(name)
    if (prepared === undefined) return
    this.#byName.delete(name)
    this.#bytes -= prepared.text.length
  }

  clear(): void {
    this.#byName.clear()
    this.#bytes = 0
  }

  /** Forgets all that have other names. */
  retain(names: ReadonlySet<string>): void {
    for (const name of [...this.#byName.keys()]) if (!names.has(name)) this.delete(name)
  }

  /** Whether one more fits, in the place of the one that has its name. */
  hasRoom(name: string, textBytes: number): boolean {
    const replaced = this.#byName.get(name)
    const count = this.#byName.size + (replaced === undefined ? 1 : 0)
    const bytes = this.#bytes - (replaced?.text.length ?? 0) + textBytes
    return count <= MAX_TEXTS && bytes <= MAX_BYTES
  }

  /** Throws   PREPARED_LIMITED */
  demandRoom(name: string, textBytes: number): void {
    if (this.hasRoom(name, textBytes)) return
    throw new GatewayError('PREPARED_LIMITED', { maxStatements: MAX_TEXTS, maxBytes: MAX_BYTES })
  }
}
